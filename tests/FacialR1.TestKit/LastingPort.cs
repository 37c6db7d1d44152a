using System.Net;
using System.Net.Sockets;

namespace FacialR1.TestKit;

/// <summary>A port for a server that is restarted under its clients.</summary>
public static class LastingPort
{
    private const int Lowest = 20_000, Highest = 32_000;

    /// <summary>A free port below those that systems give out by themselves: whoever asks for any free one while the server is down does not get it.</summary>
    public static int Find()
    {
        while (true)
        {
            var port = Random.Shared.Next(Lowest, Highest);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; another one.
            }
        }
    }
}

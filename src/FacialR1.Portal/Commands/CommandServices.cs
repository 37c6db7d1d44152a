using FacialR1.Portal.Hosting;

namespace FacialR1.Portal.Commands;

/// <summary>The portal's services without its web server: commands find checkpoints and settings where the portal finds them.</summary>
internal sealed class CommandServices : IDisposable, IAsyncDisposable
{
    private readonly WebApplication portal;

    private CommandServices(WebApplication portal) => this.portal = portal;

    public static CommandServices Create() => new(PortalHost.Build(["--Logging:LogLevel:Default=Error"]));

    public T Get<T>() where T : notnull => portal.Services.GetRequiredService<T>();

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public ValueTask DisposeAsync() => portal.DisposeAsync();
}

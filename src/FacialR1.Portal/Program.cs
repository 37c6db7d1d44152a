using FacialR1.Portal.Commands;
using FacialR1.Portal.Hosting;
using FacialR1.Portal.Runs;

RunChild.MakeIndependent();

if (!PortalCommandLine.Handles(args))
{
    await PortalHost.Build(args).RunAsync();
    return PortalCommandLine.Success;
}

return await PortalCommandLine.RunAsync(args, CancellationToken.None);

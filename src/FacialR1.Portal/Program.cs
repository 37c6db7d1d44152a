using FacialR1.Analysis.Alignment;
using FacialR1.Portal.Commands;
using FacialR1.Portal.Hosting;
using FacialR1.Portal.Runs;

RunChild.MakeIndependent();

if (!PortalCommandLine.Handles(args))
{
    try
    {
        await PortalHost.Build(args).RunAsync();
        return PortalCommandLine.Success;
    }
    catch (AlignmentTableException error)
    {
        Terminal.Problem(error.Message);
        return PortalCommandLine.Failure;
    }
}

return await PortalCommandLine.RunAsync(args, CancellationToken.None);

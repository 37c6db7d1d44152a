using FacialR1.Portal.Hosting;

await PortalHost.Build(args).RunAsync();

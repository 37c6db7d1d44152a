namespace FacialR1.Portal.Hosting;

/// <summary>The folder that holds <c>appsettings.json</c> and <c>wwwroot</c>: the repository root in a clone, the output folder after publishing.</summary>
public static class PortalRoot
{
    /// <summary>Looks in <paramref name="startFolder"/> and then upwards, so that it does not matter in which folder the command was typed.</summary>
    /// <exception cref="DirectoryNotFoundException">No such folder was found; the message says what to do.</exception>
    public static string Find(string startFolder)
    {
        for (var folder = new DirectoryInfo(startFolder); folder is not null; folder = folder.Parent)
        {
            // The build output holds a copy of appsettings.json in some setups, but never the stylesheet beside it.
            if (File.Exists(Path.Combine(folder.FullName, "appsettings.json")) && File.Exists(Path.Combine(folder.FullName, "wwwroot", "site.css")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException(
            $"appsettings.json with a wwwroot folder beside it was found neither in {startFolder} nor above it. " +
            "Start the portal from a clone or a published folder, or name the folder with --contentRoot.");
    }
}

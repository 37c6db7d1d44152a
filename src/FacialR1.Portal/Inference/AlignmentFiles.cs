using FacialR1.Analysis.Alignment;
using FacialR1.Portal.Configuration;

namespace FacialR1.Portal.Inference;

/// <summary>Reads the alignment tables: an edited file in the data folder goes before the table the program was built with.</summary>
public static class AlignmentFiles
{
    /// <exception cref="AlignmentTableException">A file is there and cannot be read; the message says what is wrong.</exception>
    public static AlignmentTables Load(PortalPaths paths)
    {
        var shipped = AlignmentTables.Shipped;
        return new AlignmentTables(
            Read(AlignmentTables.WeightsFile, PmiTable.Parse) ?? shipped.Weights,
            Read(AlignmentTables.PrototypesFile, PrototypeTable.Parse) ?? shipped.Prototypes);

        T? Read<T>(string name, Func<string, T> parse) where T : class
        {
            var file = Path.Combine(paths.Alignment, name);
            try
            {
                return File.Exists(file) ? parse(File.ReadAllText(file)) : null;
            }
            catch (Exception error) when (error is AlignmentTableException or IOException or UnauthorizedAccessException)
            {
                throw new AlignmentTableException($"{file}: {error.Message}", error);
            }
        }
    }
}

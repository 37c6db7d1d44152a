using FacialR1.Training.Datasets.Importers;

namespace FacialR1.Training.Datasets;

/// <summary>Every layout that can be imported.</summary>
public static class DatasetImporters
{
    /// <summary>In the order they are listed.</summary>
    public static IReadOnlyList<DatasetImporter> All { get; } =
    [
        new DisfaImporter(), new Bp4dImporter(), new RafAuImporter(), new FabaInstructImporter(), new Fer2013Importer(), new AffectNetImporter(), new RafDbImporter(), new Fea20KImporter(), new FerAuImporter(), new FolderImporter(),
    ];

    /// <summary>The importer of a kind; null when there is none.</summary>
    public static DatasetImporter? Find(string kind) => All.FirstOrDefault(importer => string.Equals(importer.Kind, kind, StringComparison.OrdinalIgnoreCase));
}

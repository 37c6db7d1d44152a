using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace FacialR1.VisionLanguage.Tests.Images;

/// <summary>One case of the reference vectors: pictures, and what the reference image processor makes of them.</summary>
internal sealed record ParityCase(string Folder, string Name)
{
    public IReadOnlyList<string> Pictures => [.. Enumerable.Range(0, 100).Select(k => Path.Combine(Folder, $"{Name}-{k}.png")).TakeWhile(File.Exists)];

    public float[] PixelValues => MemoryMarshal.Cast<byte, float>(Tensor("pixel_values")).ToArray();

    public long[] GridTimeHeightWidth => MemoryMarshal.Cast<byte, long>(Tensor("image_grid_thw")).ToArray();

    /// <summary>All cases with pictures: the committed ones and those under the folder named by FACIALR1_PARITY_DIR.</summary>
    public static IEnumerable<ParityCase> All()
    {
        string[] roots = [RepositoryFiles.Fixture("parity"), .. Environment.GetEnvironmentVariable("FACIALR1_PARITY_DIR") is { Length: > 0 } more ? [more] : Array.Empty<string>()];
        return from root in roots
               from picture in Directory.EnumerateFiles(root, "*-0.png", SearchOption.AllDirectories).Order()
               let folder = Path.GetDirectoryName(picture)!
               let name = Path.GetFileName(picture)[..^"-0.png".Length]
               where File.Exists(Path.Combine(folder, name + ".safetensors"))
               select new ParityCase(folder, name);
    }

    private byte[] Tensor(string name)
    {
        var file = File.ReadAllBytes(Path.Combine(Folder, Name + ".safetensors"));
        var headerLength = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        using var header = JsonDocument.Parse(file.AsMemory(8, headerLength));
        var offsets = header.RootElement.GetProperty(name).GetProperty("data_offsets");
        return file[(8 + headerLength + offsets[0].GetInt32())..(8 + headerLength + offsets[1].GetInt32())];
    }
}

using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace FacialR1.Training.Data;

/// <summary>Reads NumPy's .npy files (format 1.0), as far as our data needs them: little-endian half precision, row-major.</summary>
public static partial class NpyFile
{
    /// <summary>A table of half-precision numbers: <paramref name="Rows"/> rows of <paramref name="Width"/> numbers.</summary>
    public readonly record struct Halves(int Rows, int Width, byte[] Bytes, int Start)
    {
        public float[] Row(int row)
        {
            var values = new float[Width];
            for (var index = 0; index < Width; index++)
                values[index] = (float)BinaryPrimitives.ReadHalfLittleEndian(Bytes.AsSpan(Start + (row * Width + index) * 2));
            return values;
        }
    }

    /// <summary>Reads an array of type float16; all axes after the first are flattened into the row.</summary>
    /// <exception cref="DataFormatException">Not such a file.</exception>
    public static Halves ReadHalves(string file)
    {
        var bytes = File.ReadAllBytes(file);
        if (bytes.Length < 10 || !bytes.AsSpan(1, 5).SequenceEqual("NUMPY"u8)) throw new DataFormatException($"{file} is not a .npy file.");
        var start = 10 + BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
        var header = Encoding.ASCII.GetString(bytes.AsSpan(10, start - 10));
        if (!header.Contains("'<f2'", StringComparison.Ordinal) || header.Contains("'fortran_order': True", StringComparison.Ordinal))
            throw new DataFormatException($"{file}: expected float16 in row-major order, the header says {header.Trim()}.");

        var shape = ShapePattern().Match(header).Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(text => int.Parse(text, provider: null)).ToArray();
        var width = shape.Skip(1).Aggregate(1, (product, length) => product * length);
        if (shape.Length == 0 || bytes.Length - start != 2L * shape[0] * width)
            throw new DataFormatException($"{file}: the header promises {string.Join("×", shape)} numbers, the file holds {(bytes.Length - start) / 2}.");
        return new Halves(shape[0], width, bytes, start);
    }

    [GeneratedRegex(@"'shape':\s*\(([^)]*)\)")]
    private static partial Regex ShapePattern();
}

using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;
using FacialR1.Training.Rendering;

namespace FacialR1.Training.Tests.Rendering;

/// <summary>Face shapes that we made: half an egg as the face, two balls as eyes, landmarks about where faces have them. <c>jawOpen</c> lowers the lower lip.</summary>
internal static class DrawnHead
{
    private const int Columns = 21, Rows = 25;

    public static FaceShapes Load(string folder)
    {
        Write(folder);
        return FaceShapes.Load(folder);
    }

    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var (vertices, triangles, materials) = (new List<Vector3>(), new List<int>(), new List<byte>());
        Grid(vertices, triangles, materials, material: 0, Columns, Rows, (u, v) => Egg(10 * u, 1 + 14 * v));
        foreach (var side in (int[])[1, -1])
            Grid(vertices, triangles, materials, (byte)(side > 0 ? 1 : 2), 9, 9, (u, v) =>
            {
                var (x, y) = (1.4f * u, 1.4f * v);
                return new Vector3(side * 3.1f + x, 3.5f + y, 11.4f + MathF.Sqrt(MathF.Max(0, 2.2f - x * x - y * y)));
            });
        var first = vertices.Count;
        vertices.AddRange(Landmarks().Select(point => Egg(point.X, point.Y)));

        string[] names = [.. UnitShapes.Weights(UnitShapes.Units.ToDictionary(unit => unit, _ => 1f)).Keys.Order(StringComparer.Ordinal)];
        var expressions = new byte[names.Length * vertices.Count * 6];
        // Landmarks 65 to 67 are the upper edge of the lower lip.
        foreach (var (name, drop) in new[] { ("jawOpen", 3f), ("mouthLowerDown_L", 0.3f), ("mouthLowerDown_R", 0.3f) })
            for (var landmark = 65; landmark <= 67; landmark++) Offset(expressions, vertices.Count, Array.IndexOf(names, name), first + landmark, -drop);
        for (var vertex = 0; vertex < Columns * Rows; vertex++)
            if (vertices[vertex].Y < -3) Offset(expressions, vertices.Count, Array.IndexOf(names, "jawOpen"), vertex, -3);

        File.WriteAllText(Path.Combine(folder, "index.json"), JsonSerializer.Serialize(new
        {
            vertices = vertices.Count, triangles = triangles.Count / 3, materials = (string[])["M_Face", "M_ScleraLeft", "M_ScleraRight"],
            landmarks68 = Enumerable.Range(first, 68), expressions = names.Select(name => new { name, scale = 0.001f }), identities = new[] { new { name = "identity000", scale = 0.001f } },
        }));
        Floats(Path.Combine(folder, "neutral.f32"), vertices.SelectMany(place => (float[])[place.X, place.Y, place.Z]));
        Integers(Path.Combine(folder, "triangles.i32"), triangles);
        File.WriteAllBytes(Path.Combine(folder, "triangle_material.u8"), [.. materials]);
        File.WriteAllBytes(Path.Combine(folder, "expressions.i16"), expressions);
        File.WriteAllBytes(Path.Combine(folder, "identities.i16"), [.. Enumerable.Range(0, vertices.Count * 6).Select(index => index % 6 == 0 ? (byte)40 : (byte)0)]);
    }

    private static Vector3 Egg(float x, float y) => new(x, y, 13 * MathF.Sqrt(MathF.Max(0, 1 - x * x / 110 - (y - 1) * (y - 1) / 230)));

    private static IEnumerable<Vector2> Landmarks()
    {
        for (var point = 0; point < 17; point++) yield return new(-7.4f + 14.8f * point / 16, 4 - 11.5f * MathF.Sin(MathF.PI * point / 16));
        foreach (var side in (int[])[-1, 1])
            for (var point = 0; point < 5; point++) yield return new(side < 0 ? -5.8f + 1.15f * point : 1.2f + 1.15f * point, 6);
        for (var point = 0; point < 4; point++) yield return new(0, 3.7f - 1.1f * point);
        for (var point = 0; point < 5; point++) yield return new(-1.2f + 0.6f * point, -1.1f);
        foreach (var side in (int[])[-1, 1])
            foreach (var (x, y) in ((float, float)[])[(-1.3f, 3.4f), (-0.6f, 3.9f), (0.5f, 3.9f), (1.3f, 3.4f), (0.5f, 3f), (-0.6f, 3f)]) yield return new(side * 3.1f + x, y);
        for (var point = 0; point < 7; point++) yield return new(-2.5f + 2.5f * point / 3, -3.4f + MathF.Sin(MathF.PI * point / 6));
        for (var point = 1; point < 6; point++) yield return new(2.5f - 2.5f * point / 3, -3.4f - MathF.Sin(MathF.PI * point / 6));
        foreach (var (x, y) in ((float, float)[])[(-2.2f, -3.4f), (-1, -3.35f), (0, -3.35f), (1, -3.35f), (2.2f, -3.4f), (1, -3.4f), (0, -3.4f), (-1, -3.4f)]) yield return new(x, y);
    }

    private static void Grid(List<Vector3> vertices, List<int> triangles, List<byte> materials, byte material, int columns, int rows, Func<float, float, Vector3> place)
    {
        var first = vertices.Count;
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++) vertices.Add(place(2f * column / (columns - 1) - 1, 2f * row / (rows - 1) - 1));
        for (var row = 0; row + 1 < rows; row++)
            for (var column = 0; column + 1 < columns; column++)
            {
                var at = first + row * columns + column;
                triangles.AddRange([at, at + 1, at + columns, at + 1, at + columns + 1, at + columns]);
                materials.AddRange([material, material]);
            }
    }

    private static void Offset(byte[] shapes, int vertices, int shape, int vertex, float y) =>
        BinaryPrimitives.WriteInt16LittleEndian(shapes.AsSpan(6 * (vertices * shape + vertex) + 2), (short)(y * 1000));

    private static void Floats(string path, IEnumerable<float> values) => Integers(path, values.Select(BitConverter.SingleToInt32Bits));

    private static void Integers(string path, IEnumerable<int> values)
    {
        using var writer = new BinaryWriter(File.Create(path));
        foreach (var value in values) writer.Write(value);
    }
}

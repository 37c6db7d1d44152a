using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;
using FacialR1.Training.Data;

namespace FacialR1.Training.Rendering;

/// <summary>
/// A head as numbers: one neutral mesh, shapes that move it into expressions, and modes that make it another person's head. Read from the folder that
/// holds the shapes of ICT-FaceKit (USC Institute for Creative Technologies, MIT) as compact arrays.
/// </summary>
/// <remarks>Units are about centimetres: x to the person's left, y up, z towards the viewer.</remarks>
public sealed class FaceShapes
{
    private const int LandmarkCount = 68;
    private readonly ShapeTable expressions, identities;

    private FaceShapes(Vector3[] neutral, int[] triangles, FacePart[] parts, int[] landmarks, ShapeTable expressions, ShapeTable identities) =>
        (Neutral, Triangles, Parts, Landmarks, this.expressions, this.identities) = (neutral, triangles, parts, landmarks, expressions, identities);

    /// <summary>The mesh at rest, of nobody in particular.</summary>
    public IReadOnlyList<Vector3> Neutral { get; }

    /// <summary>Three vertex numbers for each triangle.</summary>
    public IReadOnlyList<int> Triangles { get; }

    /// <summary>What each triangle belongs to.</summary>
    public IReadOnlyList<FacePart> Parts { get; }

    /// <summary>Vertex numbers of the common 68-point scheme.</summary>
    public IReadOnlyList<int> Landmarks { get; }

    /// <summary>Names of the expression shapes.</summary>
    public IReadOnlyCollection<string> Expressions => expressions.Names;

    /// <summary>How many modes of identity there are.</summary>
    public int Identities => identities.Names.Count;

    /// <summary>Reads a folder with <c>index.json</c>, <c>neutral.f32</c>, <c>expressions.i16</c>, <c>identities.i16</c>, <c>triangles.i32</c> and <c>triangle_material.u8</c>.</summary>
    /// <exception cref="DataFormatException">A file is missing or has another size than the index says; the message names it.</exception>
    public static FaceShapes Load(string folder)
    {
        var index = Path.Combine(folder, "index.json");
        if (!File.Exists(index)) throw new DataFormatException($"{index} was not found. A folder with face shapes holds index.json, neutral.f32, expressions.i16, identities.i16, triangles.i32 and triangle_material.u8.");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(index));
            var json = document.RootElement;
            var (vertices, triangleCount) = (json.GetProperty("vertices").GetInt32(), json.GetProperty("triangles").GetInt32());
            var numbers = Words(folder, "neutral.f32", 12L * vertices).Select(BitConverter.Int32BitsToSingle).ToArray();
            var corners = Words(folder, "triangles.i32", 12L * triangleCount);
            int[] landmarks = [.. json.GetProperty("landmarks68").EnumerateArray().Select(point => point.GetInt32())];
            if (landmarks.Length != LandmarkCount || corners.Concat(landmarks).Any(vertex => vertex < 0 || vertex >= vertices))
                throw new DataFormatException($"{index}: {LandmarkCount} landmarks and triangles of vertices from 0 to {vertices - 1} are expected.");
            FacePart[] parts = [.. json.GetProperty("materials").EnumerateArray().Select(name => PartOf(name.GetString()!))];
            var materials = Bytes(folder, "triangle_material.u8", triangleCount);
            if (materials.Any(material => material >= parts.Length)) throw new DataFormatException($"{Path.Combine(folder, "triangle_material.u8")} names a material that index.json does not list.");
            return new FaceShapes(
                [.. Enumerable.Range(0, vertices).Select(vertex => new Vector3(numbers[3 * vertex], numbers[3 * vertex + 1], numbers[3 * vertex + 2]))], corners,
                [.. materials.Select(material => parts[material])], landmarks,
                ShapeTable.Read(json.GetProperty("expressions"), Bytes(folder, "expressions.i16", 6L * vertices * json.GetProperty("expressions").GetArrayLength()), vertices),
                ShapeTable.Read(json.GetProperty("identities"), Bytes(folder, "identities.i16", 6L * vertices * json.GetProperty("identities").GetArrayLength()), vertices));
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new DataFormatException($"{index} cannot be used: {error.Message} An index of face shapes is expected.", error);
        }
    }

    /// <summary>The head of one person at rest.</summary>
    /// <param name="weights">One per mode, about N(0, 1); further modes count as 0.</param>
    public Vector3[] Person(IReadOnlyList<float> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        Vector3[] mesh = [.. Neutral];
        for (var mode = 0; mode < Math.Min(weights.Count, identities.Names.Count); mode++) identities.Add(mesh, mode, weights[mode]);
        return mesh;
    }

    /// <summary>Moves a head into an expression; the head given stays as it is.</summary>
    /// <param name="person">From <see cref="Person"/>.</param>
    /// <param name="weights">By name of the shape, 0 to 1.</param>
    /// <exception cref="ArgumentException">A shape is not in the folder.</exception>
    public Vector3[] Express(IReadOnlyList<Vector3> person, IReadOnlyDictionary<string, float> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        Vector3[] mesh = [.. person];
        foreach (var (name, weight) in weights.OrderBy(shape => shape.Key, StringComparer.Ordinal)) expressions.Add(mesh, expressions.IndexOf(name), weight);
        return mesh;
    }

    private static FacePart PartOf(string material) => material switch
    {
        "M_Face" => FacePart.Face,
        "M_BackHead" => FacePart.Back,
        "M_GumsTongue" => FacePart.Gums,
        "M_Teeth" => FacePart.Teeth,
        "M_ScleraLeft" or "M_ScleraRight" => FacePart.Eye,
        "M_EyeLashes" => FacePart.Lashes,
        // The iris lies inside the shell of the eye, so it is painted on the shell; fluids and blends are transparent in the original.
        _ => FacePart.Hidden,
    };

    private static byte[] Bytes(string folder, string name, long length)
    {
        var path = Path.Combine(folder, name);
        if (!File.Exists(path)) throw new DataFormatException($"{path} was not found; index.json needs it.");
        var bytes = File.ReadAllBytes(path);
        return bytes.LongLength == length ? bytes : throw new DataFormatException($"{path} has {bytes.LongLength} bytes; by index.json it must have {length}.");
    }

    private static int[] Words(string folder, string name, long length)
    {
        var bytes = Bytes(folder, name, length);
        var words = new int[length / 4];
        for (var index = 0; index < words.Length; index++) words[index] = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4 * index));
        return words;
    }

    /// <summary>Shapes as 16-bit offsets with one scale each.</summary>
    private sealed class ShapeTable(Dictionary<string, int> names, float[] scales, byte[] offsets, int vertices)
    {
        public Dictionary<string, int>.KeyCollection Names => names.Keys;

        public static ShapeTable Read(JsonElement list, byte[] offsets, int vertices) => new(
            list.EnumerateArray().Index().ToDictionary(shape => shape.Item.GetProperty("name").GetString()!, shape => shape.Index),
            [.. list.EnumerateArray().Select(shape => shape.GetProperty("scale").GetSingle())], offsets, vertices);

        public int IndexOf(string name) => names.TryGetValue(name, out var index) ? index : throw new ArgumentException($"There is no shape \"{name}\" among these face shapes.", nameof(name));

        public void Add(Vector3[] mesh, int shape, float weight)
        {
            if (weight == 0) return;
            var factor = scales[shape] * weight;
            var row = offsets.AsSpan(6 * vertices * shape, 6 * vertices);
            for (var vertex = 0; vertex < vertices; vertex++)
            {
                var at = row.Slice(6 * vertex, 6);
                mesh[vertex] += new Vector3(BinaryPrimitives.ReadInt16LittleEndian(at) * factor, BinaryPrimitives.ReadInt16LittleEndian(at[2..]) * factor, BinaryPrimitives.ReadInt16LittleEndian(at[4..]) * factor);
            }
        }
    }
}

/// <summary>What a triangle of the head belongs to.</summary>
public enum FacePart
{
    /// <summary>Not drawn.</summary>
    Hidden,

    /// <summary>Skin of the face and its ears.</summary>
    Face,

    /// <summary>Scalp, neck, and the linings of mouth and eye sockets.</summary>
    Back,

    Gums,
    Teeth,
    Eye,
    Lashes,

    /// <summary>Not of the source: hair that falls beside and behind the head.</summary>
    LongHair,
}

using System.Numerics;

namespace FacialR1.Training.Rendering;

/// <summary>
/// Lines that movement draws into skin and that the mesh is too coarse for: frown lines, forehead lines, crow's feet, folds beside nose and mouth.
/// Each belongs to action units and deepens with their intensity.
/// </summary>
internal sealed class Creases
{
    private readonly (Vector2[] Line, float Width, float Depth)[] active;
    private readonly (Vector2 Low, Vector2 High) bounds;

    /// <param name="map">Where things are.</param>
    /// <param name="units">Intensity of units, 0 to 1.</param>
    /// <param name="lines">How deep lines are in this person; 1 is usual.</param>
    public Creases(FaceMap map, IReadOnlyDictionary<int, float> units, float lines)
    {
        float Of(int unit) => units.GetValueOrDefault(unit);
        var (eye, wing, corner, chin) = (map.OuterEye, map.NoseWing, map.MouthCorner, map.Chin);
        var brow = map.EyeLine + 2.6f;
        var all = new List<(Vector2[], float, float)>();
        void Add(float strength, float width, params Vector2[] line)
        {
            if (strength * lines > 0.02f) all.Add((line, width, Math.Min(1, strength * lines)));
        }

        // Between the brows: upright when they are drawn together.
        Add(Of(4), 0.3f, new(0.42f, brow - 1.1f), new(0.50f, brow - 0.2f), new(0.62f, brow + 0.9f));
        Add(Of(4) * 0.5f, 0.22f, new(0f, brow - 1.5f), new(0.9f, brow - 1.3f));
        // Forehead: across when the brows rise; only in the middle for the inner ends.
        var (inner, outer) = (Of(1), Of(2));
        foreach (var (row, share) in new[] { (1.7f, 0.8f), (2.6f, 1f), (3.5f, 0.75f) })
        {
            Add(inner * share * 0.8f, 0.24f, new(0, brow + row), new(1.2f, brow + row + 0.05f), new(2.2f, brow + row - 0.05f));
            Add(outer * share * 0.8f, 0.24f, new(1.9f, brow + row), new(3.2f, brow + row - 0.05f), new(4.4f, brow + row - 0.5f));
        }
        // Bridge and sides of the nose.
        foreach (var row in (float[])[0f, 0.5f, 1.0f]) Add(Of(9), 0.17f, new(0.0f, map.EyeLine + 0.9f - row), new(0.55f, map.EyeLine + 0.75f - row), new(1.15f, map.EyeLine + 0.15f - row));
        // Crow's feet and the fold under the eye.
        foreach (var (dx, dy) in new[] { (1.5f, 0.65f), (1.7f, 0.0f), (1.5f, -0.65f) })
            Add(Of(6) * 0.8f, 0.16f, new(eye.X + 0.45f, eye.Y + dy * 0.25f), new(eye.X + dx, eye.Y + dy));
        Add(Of(6) * 0.7f + Of(7) * 0.7f, 0.2f, new(eye.X - 2.7f, eye.Y - 1.0f), new(eye.X - 1.3f, eye.Y - 1.35f), new(eye.X + 0.3f, eye.Y - 0.95f));
        // From the wing of the nose around the mouth.
        Add(0.18f + 0.75f * Math.Max(Of(12), Math.Max(Of(10) * 0.9f, Of(9) * 0.9f)) + 0.2f * Of(20), 0.42f,
            new(wing.X + 0.55f, wing.Y + 0.9f), new(wing.X + 1.35f, wing.Y - 0.5f), new(corner.X + 0.75f, corner.Y + 0.5f), new(corner.X + 0.85f, corner.Y - 0.5f));
        Add(Of(14), 0.3f, new(corner.X + 0.35f, corner.Y + 0.45f), new(corner.X + 0.5f, corner.Y - 0.4f));
        Add(Of(15) * 0.55f, 0.5f, new(corner.X + 0.1f, corner.Y - 0.35f), new(corner.X + 0.45f, corner.Y - 1.3f), new(corner.X + 0.5f, corner.Y - 2.0f));
        Add(Of(20) * 0.7f, 0.26f, new(corner.X + 0.7f, corner.Y + 0.4f), new(corner.X + 0.95f, corner.Y - 0.7f));
        Add(Of(17) * 0.9f, 0.3f, new(0, chin.Y + 2.35f), new(0.9f, chin.Y + 2.25f), new(1.6f, chin.Y + 1.8f));
        foreach (var (x, y) in new[] { (0.3f, 1.5f), (0.85f, 1.15f), (0.35f, 0.8f), (1.15f, 1.6f) }) Add(Of(17) * 0.7f, 0.2f, new(x, chin.Y + y), new(x + 0.18f, chin.Y + y - 0.1f));

        active = [.. all];
        var points = all.SelectMany(crease => crease.Item1).ToArray();
        if (points.Length > 0) bounds = (points.Aggregate(Vector2.Min) - Vector2.One, points.Aggregate(Vector2.Max) + Vector2.One);
    }

    /// <summary>How deep in a line a point of the skin lies, 0 to 1.</summary>
    public float At(Vector3 place)
    {
        var point = FaceMap.Folded(place);
        if (active.Length == 0 || point.X < bounds.Low.X || point.Y < bounds.Low.Y || point.X > bounds.High.X || point.Y > bounds.High.Y) return 0;
        var deepest = 0f;
        foreach (var (line, width, depth) in active)
        {
            var distance = FaceMap.Along(line, point, out var share, out _);
            if (distance >= width) continue;
            var taper = Geometry.Step(0, 0.2f, share) * Geometry.Step(1, 0.75f, share) * 0.7f + 0.3f;
            deepest = Math.Max(deepest, depth * taper * Geometry.Bell(distance * distance / (width * width)));
        }
        return deepest;
    }
}

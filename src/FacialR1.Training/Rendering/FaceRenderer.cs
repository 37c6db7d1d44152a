using System.Numerics;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Training.Rendering;

/// <summary>
/// Draws heads of <see cref="FaceShapes"/>: z-buffer, four sub-pixels a pixel, three lights of which one throws soft shadows, ambient occlusion from depth,
/// and skin that lets light creep around edges. The same scene gives the same pixels.
/// </summary>
/// <param name="shapes">The head.</param>
/// <param name="side">Pixels a side.</param>
public sealed class FaceRenderer(FaceShapes shapes, int side = 256)
{
    private const int SubPixels = 2, ShadowSide = 640;
    private const float CameraDistance = 85, ViewHeight = 27, ShadowReach = 24, CentreHeight = 1.9f;
    private static readonly Vector3 Pivot = new(0, 0.5f, 1);
    private static readonly byte[] Encoded = [.. Enumerable.Range(0, 4097).Select(step => (byte)Math.Round(255 * Gamma(step / 4096.0)))];
    private readonly FaceMap map = new(shapes);
    private readonly LongHair longHair = new(shapes);
    private readonly Vector3[] neutral = [.. shapes.Neutral, .. LongHair.Places];
    private readonly int[] triangles = [.. shapes.Triangles, .. LongHair.Triangles(shapes.Neutral.Count)];
    private readonly int[] eyes = [.. shapes.Parts.Index().Where(part => part.Item == FacePart.Eye).SelectMany(part => shapes.Triangles.Skip(3 * part.Index).Take(3)).Distinct()];
    private readonly FacePart[] parts = [.. shapes.Parts, .. Enumerable.Repeat(FacePart.LongHair, LongHair.TriangleCount)];

    /// <summary>Names of the light set-ups, for <see cref="FaceScene.Light"/>.</summary>
    public static IReadOnlyList<string> Lights { get; } = [.. Studio.All.Select(studio => studio.Name)];

    /// <summary>Makes the picture.</summary>
    public RgbImage Draw(FaceScene scene)
    {
        ArgumentNullException.ThrowIfNull(scene);
        var studio = Studio.All[scene.Light];
        var paint = new FacePaint(map, scene.Look, scene.Units);
        var person = shapes.Person(scene.Person);
        Vector3[] mesh = [.. shapes.Express(person, scene.Shapes), .. longHair.Around(person)];
        CloseOver(mesh, scene.Shapes);
        Turn(mesh, scene);
        var normals = Combed(mesh, paint);
        bool IsSolid(int triangle) => parts[triangle] switch { FacePart.Hidden or FacePart.Lashes => false, FacePart.LongHair => scene.Look.Style == HairStyle.Falling, _ => true };

        var size = side * SubPixels;
        var seen = new VisibilityBuffer(size, size);
        var points = Array.ConvertAll(mesh, place => Project(place, scene, size));
        seen.Draw(points, triangles, IsSolid, isPerspective: true);
        var shadow = new Shadow(mesh, triangles, triangle => IsSolid(triangle) && parts[triangle] != FacePart.Eye, studio.Lights[0].From);
        var open = Occlusion.Of(seen, CameraDistance, ViewHeight / size * scene.Scale);

        var light = new Vector3[size * size];
        var backdrop = FacePaint.Linear(scene.Backdrop);
        for (var at = 0; at < light.Length; at++)
            light[at] = seen.Triangle[at] == VisibilityBuffer.Nothing ? Backdrop(backdrop, at % size, at / size, size) : Shade(seen, at, mesh, normals, paint, studio, shadow, open[at]);
        Lash(light, seen, points, scene.Look);
        return Develop(light, size);
    }

    /// <summary>Lifts the surface where hair grows and gives the directions it faces; those of hair follow the head, or its edge would shine like a step.</summary>
    private Vector3[] Combed(Vector3[] mesh, FacePaint paint)
    {
        var bare = Geometry.Normals(mesh, triangles);
        var heights = Array.ConvertAll(neutral, paint.HairHeight);
        for (var vertex = 0; vertex < shapes.Neutral.Count; vertex++) mesh[vertex] += bare[vertex] * heights[vertex];
        var normals = Geometry.Normals(mesh, triangles);
        for (var vertex = 0; vertex < shapes.Neutral.Count; vertex++)
            if (heights[vertex] > 0) normals[vertex] = Geometry.Unit(Geometry.Mix(normals[vertex], bare[vertex], 0.65f));
        return normals;
    }

    /// <summary>Lids that close follow an average eyeball; in some heads it would show through, so it draws back.</summary>
    private void CloseOver(Vector3[] mesh, IReadOnlyDictionary<string, float> weights)
    {
        const float room = 0.22f;
        for (var index = 0; index < eyes.Length; index++)
        {
            var vertex = eyes[index];
            mesh[vertex].Z -= room * Math.Min(1, weights.GetValueOrDefault(neutral[vertex].X > 0 ? "eyeBlink_L" : "eyeBlink_R"));
        }
    }

    private static void Turn(Vector3[] mesh, FaceScene scene)
    {
        static (float Sin, float Cos) Angle(float degrees) => ((float)Math.Sin(degrees * Math.PI / 180), (float)Math.Cos(degrees * Math.PI / 180));
        var (yaw, pitch, roll) = (Angle(scene.Yaw), Angle(scene.Pitch), Angle(scene.Roll));
        for (var vertex = 0; vertex < mesh.Length; vertex++)
        {
            var place = mesh[vertex] - Pivot;
            place = new(place.X * yaw.Cos + place.Z * yaw.Sin, place.Y, place.Z * yaw.Cos - place.X * yaw.Sin);
            place = new(place.X, place.Y * pitch.Cos + place.Z * pitch.Sin, place.Z * pitch.Cos - place.Y * pitch.Sin);
            place = new(place.X * roll.Cos + place.Y * roll.Sin, place.Y * roll.Cos - place.X * roll.Sin, place.Z);
            mesh[vertex] = place + Pivot;
        }
    }

    private static Vector3 Project(Vector3 place, FaceScene scene, int size)
    {
        var nearness = 1 / (CameraDistance - place.Z);
        var scale = size / ViewHeight * scene.Scale * (CameraDistance - 6) * nearness;   // exact at the depth of the eyes
        return new((0.5f + scene.Shift.X) * size + place.X * scale, (0.5f + scene.Shift.Y) * size - (place.Y - CentreHeight) * scale, nearness);
    }

    private static Vector3 Backdrop(Vector3 colour, int x, int y, int size)
    {
        var (u, v) = ((x + 0.5f) / size - 0.45f, (y + 0.5f) / size - 0.4f);
        return colour * (1.08f - 0.75f * (u * u + v * v));
    }

    private Vector3 Shade(VisibilityBuffer seen, int at, Vector3[] mesh, Vector3[] normals, FacePaint paint, Studio studio, Shadow shadow, float open)
    {
        var triangle = seen.Triangle[at];
        var (a, b, c) = (triangles[3 * triangle], triangles[3 * triangle + 1], triangles[3 * triangle + 2]);
        var (second, third) = (seen.Second[at], seen.Third[at]);
        var first = 1 - second - third;
        var place = mesh[a] * first + mesh[b] * second + mesh[c] * third;
        var normal = Geometry.Unit(normals[a] * first + normals[b] * second + normals[c] * third);
        var eye = Geometry.Unit(new Vector3(0, 0, CameraDistance) - place);
        if (Geometry.Dot(normal, eye) < 0) normal = -normal;
        var surface = paint.At(parts[triangle], neutral[a] * first + neutral[b] * second + neutral[c] * third);

        var up = normal.Y * 0.5f + 0.5f;
        var sum = surface.Colour * Geometry.Mix(studio.Below, studio.Above, up) * open;
        // Light that creeps around an edge comes back red, as blood colours it.
        var creep = new Vector3(0.42f, 0.22f, 0.16f) * surface.Soft;
        for (var index = 0; index < studio.Lights.Count; index++)
        {
            var light = studio.Lights[index];
            var facing = Geometry.Dot(normal, light.From);
            var lit = index == 0 ? shadow.Lit(place + normal * 0.12f) : 0.4f + 0.6f * open;
            var amount = new Vector3(Wrapped(facing, creep.X), Wrapped(facing, creep.Y), Wrapped(facing, creep.Z));
            if (index == 0) amount *= new Vector3(lit + (1 - lit) * 0.10f * surface.Soft, lit, lit);
            else amount *= lit;
            var half = Geometry.Unit(light.From + eye);
            var glint = facing > 0 ? surface.Shine * Squared(Math.Max(0, Geometry.Dot(normal, half)), surface.Gloss) * lit : 0;
            sum += light.Colour * (surface.Colour * amount * 0.52f + new Vector3(glint * 0.5f));
        }
        return sum;
    }

    private static float Wrapped(float facing, float creep) => Math.Max(0, (facing + creep) / (1 + creep));

    /// <summary>A value squared some times over: exact everywhere, unlike a power.</summary>
    private static float Squared(float value, int times)
    {
        for (; times > 0; times--) value *= value;
        return value;
    }

    /// <summary>Lashes are cards of fine hairs; at this size they are a shade over what lies behind them.</summary>
    private void Lash(Vector3[] light, VisibilityBuffer seen, Vector3[] points, FaceLook look)
    {
        var lashes = new VisibilityBuffer(seen.Width, seen.Height);
        // The lower ones are too fine to be seen from here.
        lashes.Draw(points, triangles, triangle => parts[triangle] == FacePart.Lashes && neutral[triangles[3 * triangle]].Y > map.EyeLine - 0.15f, isPerspective: true);
        var dark = FacePaint.Linear(look.Hair) * 0.15f;
        for (var at = 0; at < light.Length; at++)
            if (lashes.Triangle[at] != VisibilityBuffer.Nothing && lashes.Nearness[at] >= seen.Nearness[at] - 2e-6f) light[at] = Geometry.Mix(light[at], dark, 0.5f);
    }

    private RgbImage Develop(Vector3[] light, int size)
    {
        var pixels = new byte[3 * side * side];
        for (var y = 0; y < side; y++)
            for (var x = 0; x < side; x++)
            {
                var sum = Vector3.Zero;
                for (var part = 0; part < SubPixels * SubPixels; part++)
                    sum += Exposed(light[(y * SubPixels + part / SubPixels) * size + x * SubPixels + part % SubPixels]);
                sum /= SubPixels * SubPixels;
                var at = 3 * (y * side + x);
                (pixels[at], pixels[at + 1], pixels[at + 2]) = (Encode(sum.X), Encode(sum.Y), Encode(sum.Z));
            }
        return new RgbImage(side, side, pixels);
    }

    /// <summary>Highlights roll off instead of clipping.</summary>
    private static Vector3 Exposed(Vector3 light)
    {
        static float One(float value) => value < 0.6f ? value : 0.6f + 0.4f * (value - 0.6f) / (value - 0.6f + 0.4f);
        return new Vector3(One(light.X), One(light.Y), One(light.Z));
    }

    private static byte Encode(float value) => Encoded[(int)(Math.Clamp(value, 0f, 1f) * 4096 + 0.5f)];

    private static double Gamma(double value) => value <= 0.0031308 ? value * 12.92 : 1.055 * Math.Pow(value, 1 / 2.4) - 0.055;

    /// <summary>What the first light sees.</summary>
    private sealed class Shadow
    {
        private const float Scale = ShadowSide / (2 * ShadowReach);
        private readonly VisibilityBuffer seen = new(ShadowSide, ShadowSide);
        private readonly Vector3 right, up, towards;

        public Shadow(Vector3[] mesh, int[] triangles, Func<int, bool> isSolid, Vector3 light)
        {
            towards = light;
            right = Geometry.Unit(Geometry.Cross(new Vector3(0, 1, 0), light));
            up = Geometry.Cross(light, right);
            seen.Draw(Array.ConvertAll(mesh, Place), triangles, isSolid, isPerspective: false);
        }

        /// <summary>Share of the light that reaches a place, 0 to 1: 25 looks around it.</summary>
        public float Lit(Vector3 place)
        {
            const int reach = 2;
            var point = Place(place);
            var (x, y) = ((int)point.X, (int)point.Y);
            var lit = 0;
            for (var dy = -reach; dy <= reach; dy++)
                for (var dx = -reach; dx <= reach; dx++)
                {
                    var (sx, sy) = (x + dx * 3, y + dy * 3);
                    if ((uint)sx >= ShadowSide || (uint)sy >= ShadowSide || seen.Nearness[sy * ShadowSide + sx] <= point.Z + 0.35f + 0.15f * (Math.Abs(dx) + Math.Abs(dy))) lit++;
                }
            return lit / (float)((2 * reach + 1) * (2 * reach + 1));
        }

        private Vector3 Place(Vector3 place) => new(
            Geometry.Dot(place, right) * Scale + ShadowSide / 2f, ShadowSide / 2f - Geometry.Dot(place, up) * Scale, Geometry.Dot(place, towards) + 2 * ShadowReach);
    }
}

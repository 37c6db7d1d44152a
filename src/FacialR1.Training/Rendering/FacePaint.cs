using System.Numerics;

namespace FacialR1.Training.Rendering;

/// <summary>What light meets at a point.</summary>
/// <param name="Colour">Share of light that comes back, linear.</param>
/// <param name="Shine">Strength of the highlight.</param>
/// <param name="Gloss">How sharp it is: how often the cosine is squared.</param>
/// <param name="Soft">How far light creeps around edges, 0 to 1; skin is soft, teeth are not.</param>
internal readonly record struct Surface(Vector3 Colour, float Shine, int Gloss, float Soft);

/// <summary>Paints skin, lips, brows, hair, eyes and mouth of one person in one expression.</summary>
internal sealed class FacePaint(FaceMap map, FaceLook look, IReadOnlyDictionary<int, float> units)
{
    private readonly Creases creases = new(map, units, look.Lines);
    private readonly Noise noise = new(look.Seed);
    private readonly Vector3 skin = Linear(look.Skin), hair = Linear(look.Hair), iris = Linear(look.Iris), clothes = Linear(look.Clothes);

    /// <summary>sRGB to linear.</summary>
    public static Vector3 Linear(Vector3 colour)
    {
        static float One(float value) => value <= 0.04045f ? value / 12.92f : MathF.Pow((value + 0.055f) / 1.055f, 2.4f);
        return new Vector3(One(colour.X), One(colour.Y), One(colour.Z));
    }

    /// <summary>How much hair grows at a neutral place, 0 to 1.</summary>
    public float Hair(Vector3 place)
    {
        if (look.Style == HairStyle.Shaved) return 0;
        var side = MathF.Abs(place.X);
        // Ears stay free.
        if (side > 7.55f && place.Y is < 5.4f and > -3f && place.Z is < 3.6f and > -3.6f) return 0;
        var front = (look.Style == HairStyle.Cropped ? 9.9f : 9.2f) + look.Hairline - 0.026f * side * side;
        var temple = 3.2f + 0.9f * Math.Max(0, place.Z - 1.5f);
        var nape = -4.5f - 0.5f * Math.Min(0, place.Z + 3);
        var line = place.Z > 5.4f ? front : place.Z > 1.2f ? temple + (front - temple) * Geometry.Step(3.2f, 6.2f, place.Z) : place.Z > -3f ? 3.0f + (nape - 3.0f) * Geometry.Step(0.5f, -3.4f, place.Z) : nape;
        line += 0.25f * noise.At(place * 1.1f) + 0.12f * noise.At(place * 4f);
        return Geometry.Step(line - 0.3f, line + 0.5f, place.Y);
    }

    /// <summary>How far hair lifts the surface at a neutral place.</summary>
    public float HairHeight(Vector3 place)
    {
        var thickness = look.Style switch { HairStyle.Cropped => 0.45f, HairStyle.Full => 1.25f, HairStyle.Falling => 1.1f, _ => 0 };
        var growth = Hair(place);
        return growth == 0 ? 0 : growth * thickness * (0.65f + 0.45f * Geometry.Step(4, 12, place.Y) + 0.25f * noise.At(place * 0.8f));
    }

    /// <summary>The surface of a part at a neutral place.</summary>
    public Surface At(FacePart part, Vector3 place) => part switch
    {
        FacePart.Eye => Eye(place),
        FacePart.Teeth => new(new Vector3(0.78f, 0.74f, 0.66f) * (0.22f + 0.78f * Geometry.Step(7.4f, 10.1f, place.Z)), 0.3f, 6, 0.2f),
        FacePart.Gums => new(new Vector3(0.42f, 0.13f, 0.13f) * (0.35f + 0.65f * Geometry.Step(5f, 10f, place.Z)), 0.2f, 5, 0.3f),
        FacePart.Lashes => new(Geometry.Mix(hair, default, 0.7f), 0, 1, 0),
        FacePart.LongHair => Haired(place, hair, 0, 1),
        FacePart.Back when IsMouth(place) => new(new Vector3(0.16f, 0.035f, 0.035f) * (0.2f + 0.8f * Geometry.Step(6.5f, 10.6f, place.Z)), 0.06f, 4, 0.2f),
        FacePart.Back when IsSocket(place) => new(new Vector3(0.3f, 0.1f, 0.09f), 0.05f, 4, 0.2f),
        _ => Skin(place),
    };

    private static bool IsMouth(Vector3 place) => MathF.Abs(place.X) < 3.9f && place.Y is < -0.3f and > -6.2f && place.Z > 0.5f;

    private static bool IsSocket(Vector3 place) => MathF.Abs(place.X) is > 1.4f and < 4.8f && place.Y is < 5.2f and > 1.9f && place.Z > 6;

    private Surface Eye(Vector3 place)
    {
        var folded = new Vector3(MathF.Abs(place.X), place.Y, place.Z);
        var direction = Geometry.Unit(folded - map.EyeCentre);
        var angle = MathF.Sqrt(Math.Max(0, 2 - 2 * Geometry.Dot(direction, map.Gaze)));   // the chord; the angle itself for small ones
        const float edge = 0.53f, pupil = 0.19f;
        var white = new Vector3(0.80f, 0.77f, 0.74f) - new Vector3(0.02f, 0.16f, 0.16f) * Geometry.Step(0.75f, 1.15f, angle);
        var offset = direction - map.Gaze;
        var rays = noise.At(offset * (9 / Math.Max(0.12f, angle)) + new Vector3(0, 0, 3)) * 0.25f;
        var colour = iris * (0.85f + rays + 0.55f * Geometry.Step(0.45f, 0.2f, angle)) * (1 - 0.75f * Geometry.Step(edge - 0.12f, edge, angle));
        colour = Geometry.Mix(colour, new Vector3(0.006f, 0.005f, 0.005f), Geometry.Step(pupil + 0.03f, pupil - 0.02f, angle));
        return new(Geometry.Mix(colour, white, Geometry.Step(edge - 0.03f, edge + 0.035f, angle)), 1.6f, 9, 0.15f);
    }

    private Surface Skin(Vector3 place)
    {
        var side = MathF.Abs(place.X);
        var (colour, shine, gloss) = (skin, 0.16f, 4);

        // Blood near the surface, thin skin around the eyes, and small unevenness.
        var flush = 0.5f * Bell(side - 5.2f, place.Y + 0.4f, 3.4f) + 0.55f * Bell(place.X, place.Y - map.NoseTip.Y, 1.9f) + (side > 7.6f && place.Z < 4 ? 0.45f : 0);
        colour *= Vector3.One - new Vector3(0.02f, 0.17f, 0.15f) * Math.Min(1, flush);
        colour *= Vector3.One - new Vector3(0.10f, 0.15f, 0.10f) * Bell(side - 3.0f, (place.Y - 2.9f) * 1.3f, 2.6f);
        colour *= 1 + 0.035f * noise.At(place * 0.9f) + 0.045f * noise.At(place * 5f) + 0.03f * noise.At(place * 13f);
        shine += 0.10f * Bell(place.X, (place.Y - 1.2f) * 0.45f, 1.7f) + 0.06f * Bell(place.X * 0.4f, place.Y - 8.4f, 2f);

        if (place.Z > 4 && place.Y is < 1.2f and > -9f)
        {
            if (look.Beard > 0)
            {
                var area = Geometry.Step(-0.6f, -2.2f, place.Y + 0.35f * (7 - side) - 1.6f * Geometry.Step(2.4f, 1.2f, side)) * Geometry.Step(-8.6f, -7.2f, place.Y);
                var grain = 0.72f + 0.28f * noise.At(place * 11f);
                colour = Geometry.Mix(colour, hair, look.Beard * area * grain * 0.75f);
            }
            if (side < 4 && place.Z > 8)
            {
                var inside = Geometry.Step(0.10f, -0.14f, map.ToLips(place));
                var red = colour * Geometry.Mix(new Vector3(0.86f, 0.62f, 0.60f), new Vector3(0.74f, 0.34f, 0.34f), look.Lips);
                red *= 1 + 0.10f * noise.At(new Vector3(place.X * 9, place.Y * 1.2f, 7));
                // The line where the lips meet, seen when the mouth is closed.
                red *= 1 - 0.45f * Bell(side * 0.05f, place.Y - map.LipLine - 0.14f, 0.22f);
                (colour, shine, gloss) = (Geometry.Mix(colour, red, inside), shine + 0.12f * inside, inside > 0.5f ? 5 : gloss);
            }
        }

        if (side is > 0.6f and < 7.6f && place.Z > 6 && place.Y is > 1.4f and < 8.6f)
        {
            var (upper, lower, along) = map.ToLids(place);
            colour *= 1 - 0.72f * Geometry.Step(0.20f, 0.03f, upper) * Geometry.Step(0.03f, 0.16f, along);
            colour *= Vector3.One - new Vector3(0.30f, 0.36f, 0.36f) * Geometry.Step(0.16f, 0.02f, lower);
            var brow = Brow(place);
            if (brow > 0) (colour, shine) = (Geometry.Mix(colour, hair * 0.8f, brow), shine * (1 - brow));
        }

        var crease = place.Z > 3 ? creases.At(place) : 0;
        if (crease > 0) (colour, shine) = (colour * (Vector3.One - new Vector3(0.46f, 0.58f, 0.60f) * crease), shine * (1 - crease));

        var growth = Hair(place);
        if (growth > 0) return Haired(place, colour, shine, growth);
        if (look.Style == HairStyle.Shaved && place.Y > 3) colour = Geometry.Mix(colour, hair, 0.16f * Geometry.Step(10.2f, 11.4f, place.Y + 0.03f * side * side - 0.2f * Math.Min(0, place.Z)));

        var collar = -11.6f + 0.16f * (place.Z - 3);
        var cloth = Geometry.Step(collar + 0.1f, collar - 0.1f, place.Y);
        return cloth > 0.5f
            ? new(clothes * (1 + 0.08f * noise.At(new Vector3(place.X * 7, place.Y * 7, place.Z * 7)) - 0.25f * Geometry.Step(0.5f, 0, collar - place.Y)), 0.02f, 3, 0.2f)
            : new(colour, shine, gloss, 1);
    }

    private float Brow(Vector3 place)
    {
        // Brows slide over the bone further than the mesh moves: their inner ends down when drawn together, up when raised.
        var inner = Geometry.Step(5.4f, 1.2f, MathF.Abs(place.X));
        var lowered = new Vector3(place.X, place.Y + 0.12f + inner * (0.45f * units.GetValueOrDefault(4) - 0.25f * units.GetValueOrDefault(1)), place.Z);
        var (along, across) = map.ToBrow(lowered);
        if (along is <= 0 or >= 1) return 0;
        var half = look.Brows * (0.52f * Geometry.Step(0, 0.10f, along) * Geometry.Step(1.02f, 0.35f, along) + 0.07f);
        if (MathF.Abs(across) > half * 1.6f) return 0;
        // Hairs: streaks that run outwards and up near the nose, outwards and down further out.
        var slant = 1.6f - 2.4f * along;
        var streak = noise.At(new Vector3(along * 26 - across * slant * 5, across * 2.2f, 11));
        var body = Geometry.Step(half * (1.35f + 0.2f * streak), half * 0.45f, MathF.Abs(across));
        return Math.Clamp(body * (0.86f + 0.14f * streak) * Geometry.Step(0.0f, 0.06f, along) * Geometry.Step(1f, 0.9f, along), 0, 1);
    }

    private Surface Haired(Vector3 place, Vector3 under, float shine, float growth)
    {
        // Strands run from the crown down: fine around the head, long along them.
        var flow = Geometry.Unit(new Vector3(place.X, 0.001f, place.Z - 1));
        var strand = 0.55f * noise.At(new Vector3(flow.X * 34, place.Y * 0.7f, flow.Z * 34)) + 0.45f * noise.At(new Vector3(flow.X * 70, place.Y * 1.5f, flow.Z * 70));
        var colour = hair * (1 + 0.5f * strand);
        return new(Geometry.Mix(under, colour, growth), shine + (0.07f + 0.06f * strand - shine) * growth, 4, 1 - 0.6f * growth);
    }

    private static float Bell(float x, float y, float radius) => Geometry.Bell((x * x + y * y) / (radius * radius));
}

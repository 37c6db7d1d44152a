using System.Numerics;

namespace FacialR1.Training.Rendering;

/// <summary>Vector arithmetic written out, so that every processor rounds alike: the built-in dot product adds in an order that depends on it.</summary>
internal static class Geometry
{
    public static float Dot(Vector3 a, Vector3 b) => a.X * b.X + a.Y * b.Y + a.Z * b.Z;

    public static Vector3 Cross(Vector3 a, Vector3 b) => new(a.Y * b.Z - a.Z * b.Y, a.Z * b.X - a.X * b.Z, a.X * b.Y - a.Y * b.X);

    public static float Length(Vector3 a) => MathF.Sqrt(Dot(a, a));

    public static Vector3 Unit(Vector3 a)
    {
        var length = Length(a);
        return length < 1e-12f ? new Vector3(0, 0, 1) : new Vector3(a.X / length, a.Y / length, a.Z / length);
    }

    /// <summary>0 below the first edge, 1 above the second, smooth between; edges may fall.</summary>
    public static float Step(float from, float to, float value)
    {
        var t = Math.Clamp((value - from) / (to - from), 0f, 1f);
        return t * t * (3 - 2 * t);
    }

    /// <summary>A bell of width 1 around 0 without an exponential.</summary>
    public static float Bell(float squaredDistance) => squaredDistance >= 1 ? 0 : (1 - squaredDistance) * (1 - squaredDistance);

    public static Vector3 Mix(Vector3 a, Vector3 b, float share) => a + (b - a) * share;

    /// <summary>Mean direction of the triangles around each vertex, weighted by their area.</summary>
    public static Vector3[] Normals(Vector3[] mesh, int[] triangles)
    {
        var normals = new Vector3[mesh.Length];
        for (var corner = 0; corner < triangles.Length; corner += 3)
        {
            var (a, b, c) = (triangles[corner], triangles[corner + 1], triangles[corner + 2]);
            var normal = Cross(mesh[b] - mesh[a], mesh[c] - mesh[a]);
            normals[a] += normal;
            normals[b] += normal;
            normals[c] += normal;
        }
        for (var vertex = 0; vertex < normals.Length; vertex++) normals[vertex] = Unit(normals[vertex]);
        return normals;
    }
}

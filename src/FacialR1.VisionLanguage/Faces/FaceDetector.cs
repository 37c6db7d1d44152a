using FacialR1.VisionLanguage.Images;

namespace FacialR1.VisionLanguage.Faces;

/// <summary>Finds faces in a photo of any size: boxes and six points, no identity. One instance may serve many threads.</summary>
/// <remarks>
/// First the network proposes: it sees the whole photo, the whole photo with a wide border (so that a face that fills the photo is
/// found, too) and, where these show no large face, overlapping tiles (so that small faces of a group are found). Then it is asked
/// about each proposal again, twice, with the face at the two sizes it knows best: real faces keep their score there, look-alikes in
/// foliage, clouds and cloth lose it. Thresholds were chosen on val of fer-au and on drawn textures; see the model card. Looks that do not
/// need each other's answers run side by side; the network itself uses one thread for each.
/// </remarks>
public sealed class FaceDetector : IDisposable
{
    /// <summary>The weights, below the models folder.</summary>
    public const string ModelFile = "blazeface/blazeface-back-256.onnx";

    private const float ProposalThreshold = 0.4f;
    private const float FaceThreshold = 0.6f;
    private const int MostProposals = 64;
    private const double TileShare = 0.6;          // side of a tile as a share of the photo's longer side
    private const double LargeFaceShare = 0.25;    // from here on a face counts as the photo's subject, and tiles are not looked at
    private static readonly double[] ConfirmingShares = [0.25, 0.13];   // width of the face as a share of what the network sees
    private readonly BlazeFace network;

    private FaceDetector(BlazeFace network) => this.network = network;

    /// <summary>Loads the weights.</summary>
    /// <param name="modelsFolder">The folder <c>data/models</c> of the project.</param>
    /// <exception cref="FileNotFoundException">The weights are not there; the message names the file.</exception>
    public static FaceDetector Load(string modelsFolder)
    {
        ArgumentNullException.ThrowIfNull(modelsFolder);
        var file = Path.Combine(modelsFolder, ModelFile);
        if (!File.Exists(file))
            throw new FileNotFoundException($"The face detector's weights {file} are missing. Restore data/models from the repository, or name the right models folder.", file);
        return new FaceDetector(new BlazeFace(file));
    }

    /// <summary>All faces, largest first; an empty list when none is found.</summary>
    /// <param name="image">A photo of at least 1 × 1 pixel.</param>
    public IReadOnlyList<DetectedFace> Detect(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        // Tiles are looked at pixel by pixel, so a larger photo gives the proposals nothing.
        var small = Shrink(image, (int)Math.Ceiling(network.Side / TileShare));
        var scale = (float)Math.Max(image.Width, image.Height) / Math.Max(small.Width, small.Height);

        var proposals = SideBySide([1.0, 2.0], margin =>
            Look(small, Around(small.Width / 2.0, small.Height / 2.0, margin * Math.Max(small.Width, small.Height)), ProposalThreshold)).SelectMany(seen => seen);
        var faces = Confirmed(proposals).ToList();
        if (!faces.Exists(face => face.Right - face.Left >= LargeFaceShare * Math.Max(image.Width, image.Height)))
        {
            var inTiles = SideBySide(Tiles(small), tile => Look(small, tile, ProposalThreshold).Where(face => !IsCut(face, tile, small))).SelectMany(seen => seen);
            var isNew = inTiles.Where(proposal => !faces.Exists(face => OverlapMerging.IsSameFace(face, proposal.Move(scale, 0, 0))));
            faces.AddRange(Confirmed(isNew).ToList());
        }
        return [.. OverlapMerging.Merge(faces).OrderByDescending(face => face.Area).Select(face => face.ToFace())];

        // Proposals are in pixels of the small photo; what comes back is in pixels of the image.
        IEnumerable<FaceCandidate> Confirmed(IEnumerable<FaceCandidate> candidates)
        {
            List<FaceCandidate> merged = [.. OverlapMerging.Merge(candidates).Take(MostProposals)];
            return SideBySide(merged, candidate => Confirm(image, small, scale, candidate, isAlone: merged.Count == 1)).OfType<FaceCandidate>();
        }
    }

    /// <summary>Results in order.</summary>
    private static IEnumerable<TResult> SideBySide<T, TResult>(IEnumerable<T> items, Func<T, TResult> look) => items.AsParallel().AsOrdered().Select(look).AsEnumerable();

    private FaceCandidate? Confirm(RgbImage image, RgbImage small, float scale, FaceCandidate proposal, bool isAlone)
    {
        var width = Math.Max(proposal.Right - proposal.Left, proposal.Bottom - proposal.Top);
        // The small photo is sharp enough unless the face would have to be enlarged.
        var isEnlarged = width < ConfirmingShares.Max() * network.Side;
        var (source, sourceScale) = isEnlarged ? (image, 1f) : (small, scale);
        var expected = isEnlarged ? proposal.Move(scale, 0, 0) : proposal;
        var size = Math.Max(expected.Right - expected.Left, expected.Bottom - expected.Top);

        // One proposal leaves a core idle; of many, the first look spares most of them the second.
        var looks = isAlone ? SideBySide(ConfirmingShares, Ask) : ConfirmingShares.Select(Ask);
        var answers = looks.TakeWhile(answer => answer is not null).Select(answer => answer!).ToList();
        if (answers.Count < ConfirmingShares.Length) return null;
        var score = answers.Average(answer => answer.Score);
        return score < FaceThreshold ? null : (OverlapMerging.Average(answers) with { Score = score }).Move(sourceScale, 0, 0);

        FaceCandidate? Ask(double share)
        {
            var square = Around((expected.Left + expected.Right) / 2, (expected.Top + expected.Bottom) / 2, size / share);
            return Look(source, square, threshold: 0.2f).Where(face => OverlapMerging.IsSameFace(face, expected)).MaxBy(face => face.Score);
        }
    }

    /// <summary>Shows a square to the network, grey where it reaches beyond the picture. Answers are in pixels of the picture.</summary>
    private IEnumerable<FaceCandidate> Look(RgbImage picture, PixelBox square, float threshold)
    {
        var (left, top) = (Math.Max(square.Left, 0), Math.Max(square.Top, 0));
        var inside = new PixelBox(left, top, Math.Min(square.Right, picture.Width) - left, Math.Min(square.Bottom, picture.Height) - top);
        if (inside.Width < 1 || inside.Height < 1) return [];

        var shown = new byte[network.Side * network.Side * 3];
        Array.Fill(shown, (byte)128);
        var scale = (double)network.Side / square.Width;
        var (shownLeft, shownTop) = ((int)Math.Round((left - square.Left) * scale), (int)Math.Round((top - square.Top) * scale));
        var (width, height) = (ShownLength(inside.Width, shownLeft), ShownLength(inside.Height, shownTop));

        var part = inside == picture.Bounds ? picture : picture.Crop(inside);
        part = PillowResize.Bicubic(BoxReduce.Towards(part, 2 * Math.Max(width, height)), width, height);
        for (var y = 0; y < height; y++) part.Row(y).CopyTo(shown.AsSpan(((shownTop + y) * network.Side + shownLeft) * 3));

        return network.Run(new RgbImage(network.Side, network.Side, shown), threshold)
            .Select(face => face.Move((float)(1 / scale), square.Left, square.Top));

        int ShownLength(int length, int start) => Math.Clamp((int)Math.Round(length * scale), 1, network.Side - start);
    }

    private static PixelBox Around(double x, double y, double side) =>
        new((int)Math.Round(x - side / 2), (int)Math.Round(y - side / 2), (int)Math.Max(1, Math.Round(side)), (int)Math.Max(1, Math.Round(side)));

    private static RgbImage Shrink(RgbImage image, int longerSide)
    {
        var scale = (double)longerSide / Math.Max(image.Width, image.Height);
        return scale >= 1 ? image : PillowResize.Bicubic(BoxReduce.Towards(image, 2 * longerSide),
            Math.Max(1, (int)Math.Round(image.Width * scale)), Math.Max(1, (int)Math.Round(image.Height * scale)));
    }

    /// <summary>Square tiles that cover the photo and overlap by at least a third of their side.</summary>
    private static IEnumerable<PixelBox> Tiles(RgbImage photo)
    {
        var side = Math.Max(1, (int)(Math.Max(photo.Width, photo.Height) * TileShare));
        return from top in Starts(photo.Height) from left in Starts(photo.Width) select new PixelBox(left, top, side, side);

        int[] Starts(int length) => length <= side ? [(length - side) / 2] : [0, length - side];
    }

    /// <summary>Does an edge of the tile, inside the photo, cut the face? Then another tile or the whole photo shows it better.</summary>
    private static bool IsCut(FaceCandidate face, PixelBox tile, RgbImage photo) =>
        (tile.Left > 0 && face.Left < tile.Left) || (tile.Top > 0 && face.Top < tile.Top)
        || (tile.Right < photo.Width && face.Right > tile.Right) || (tile.Bottom < photo.Height && face.Bottom > tile.Bottom);

    /// <summary>Frees the network.</summary>
    public void Dispose() => network.Dispose();
}

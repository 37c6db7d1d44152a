namespace FacialR1.Training.Tests.Runs;

/// <summary>A file on a disk that is full after so many bytes: a write puts down what fits and fails, as the system does it.</summary>
internal sealed class FailingStream(string path, long room) : Stream
{
    private readonly FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => true;
    public override long Length => file.Length;
    public override long Position { get => file.Position; set => file.Position = value; }

    public override void Write(byte[] buffer, int offset, int count)
    {
        var fits = (int)Math.Clamp(room - file.Position, 0, count);
        file.Write(buffer, offset, fits);
        if (fits < count) throw new IOException("No space left on device");
    }

    public override int Read(byte[] buffer, int offset, int count) => file.Read(buffer, offset, count);
    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);
    public override void SetLength(long value) => file.SetLength(value);
    public override void Flush() => file.Flush();

    protected override void Dispose(bool disposing)
    {
        file.Dispose();
        base.Dispose(disposing);
    }
}

namespace FacialR1.VisionLanguage.Images;

/// <summary>Why a picture was not accepted.</summary>
public enum ImageRejection
{
    /// <summary>The file holds no bytes.</summary>
    Empty,

    /// <summary>More bytes than allowed.</summary>
    FileTooLarge,

    /// <summary>The bytes are no picture at all.</summary>
    NotAnImage,

    /// <summary>A picture, but of a type that cannot be read here.</summary>
    UnsupportedType,

    /// <summary>The file ends too early.</summary>
    Truncated,

    /// <summary>The file is damaged inside.</summary>
    Damaged,

    /// <summary>More pixels than allowed.</summary>
    TooManyPixels,

    /// <summary>Too long and thin.</summary>
    TooNarrow,
}

/// <summary>A picture that a person gave us cannot be used. The message says what is wrong and what to do, in words fit for a page.</summary>
public sealed class ImageRejectedException : Exception
{
    /// <summary>Creates the exception.</summary>
    public ImageRejectedException(ImageRejection reason, string message, Exception? inner = null) : base(message, inner) => Reason = reason;

    /// <summary>The kind of fault.</summary>
    public ImageRejection Reason { get; }
}

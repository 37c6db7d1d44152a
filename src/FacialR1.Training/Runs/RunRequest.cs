namespace FacialR1.Training.Runs;

/// <summary>What someone outside asks of the process that trains; it looks between two steps.</summary>
public enum RunRequest
{
    /// <summary>Go on.</summary>
    None,

    /// <summary>Save and wait until told otherwise.</summary>
    Pause,

    /// <summary>Save and end; the run can be taken up again.</summary>
    Stop,

    /// <summary>End the present phase here as if its steps were done: save, validate, complete; phases behind it take their turn.</summary>
    Finish,
}

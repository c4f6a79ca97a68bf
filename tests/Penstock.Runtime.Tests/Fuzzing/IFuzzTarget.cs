namespace Penstock.Runtime.Tests.Fuzzing;

/// <summary>Code that reads external bytes or strings. For any input, the result must be a value, a bad row or a clear error.</summary>
internal interface IFuzzTarget
{
    /// <summary>The name, for messages.</summary>
    string Name { get; }

    /// <summary>Creates one input and reads it.</summary>
    /// <param name="random">Determines the input: the same seed gives the same input.</param>
    /// <exception cref="Exception">Every thrown exception is a finding. Expected errors are caught here.</exception>
    void Run(Random random);
}

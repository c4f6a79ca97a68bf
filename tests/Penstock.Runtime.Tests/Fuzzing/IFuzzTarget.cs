namespace Penstock.Runtime.Tests.Fuzzing;

/// <summary>Code that reads bytes or text of others, and must come to a value, a bad row or a clear error whatever they are.</summary>
internal interface IFuzzTarget
{
    /// <summary>The name, for messages.</summary>
    string Name { get; }

    /// <summary>Makes one input and reads it.</summary>
    /// <param name="random">All of its choices: the same seed gives the same input.</param>
    /// <exception cref="Exception">Anything that is thrown is a finding; the errors that users are to see are caught here.</exception>
    void Run(Random random);
}

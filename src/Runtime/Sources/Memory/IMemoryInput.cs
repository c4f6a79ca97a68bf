namespace Penstock.Sources.Memory;

/// <summary>The rows that the program passes to a source.</summary>
/// <typeparam name="T">The row type.</typeparam>
internal interface IMemoryInput<T>
{
    /// <summary>Takes the rows that are available now, without waiting.</summary>
    /// <param name="rows">Receives the rows.</param>
    /// <returns>The number of rows.</returns>
    int Take(Span<T> rows);

    /// <summary>Indicates whether all rows were taken, and no more can come.</summary>
    /// <exception cref="Exception">The program has ended the input with this error.</exception>
    bool HasEnded { get; }

    /// <summary>
    /// Returns a task that completes when there may be rows, or when the input ends. Called again only after the previous task has
    /// completed.
    /// </summary>
    Task WaitAsync();
}

using Penstock.Connectors;

namespace Penstock.Testing;

/// <summary>
/// Checks that a source keeps the promises of <see cref="IStreamingSource{T}"/> about waking the pipeline, ending, and resuming from saved
/// positions.
/// </summary>
/// <example>
/// <code>
/// await StreamingSourceConformance.For(() =>
/// {
///     var queue = new Queue(ticks);
///     return new SourceSetup&lt;Tick&gt; { Create = () => new QueueSource(queue), Rows = ticks, AddRow = () => queue.Add(another) };
/// }).VerifyAsync();
/// </code>
/// </example>
public static class StreamingSourceConformance
{
    /// <summary>Creates the checks of a source whose splits are read concurrently.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <param name="setUp">
    /// Creates the data and the source. Called for each check. The source must be an <see cref="IStreamingSource{T}"/>.
    /// </param>
    /// <param name="timeLimit">The maximum duration of a check, which waits for rows for half of it. Default: one minute.</param>
    /// <returns>The checks.</returns>
    public static ConformanceSuite For<T>(Func<SourceSetup<T>> setUp, TimeSpan? timeLimit = null) => ConformanceSuite.Of(
        $"IStreamingSource<{typeof(T).Name}>",
        setUp,
        static setup => setup.CleanUp,
        timeLimit,
        StreamingSourceChecks<T>.All.Select(static check => (check.Name, Bind(check.Check))));

    private static Func<CheckRun, SourceSetup<T>, Task<bool>> Bind<T>(Func<StreamingSourceChecks<T>, Task<bool>> check) => (run, setup) =>
    {
        var checks = new StreamingSourceChecks<T>(run, setup);
        return CheckRun.ThenCloseAsync(() => check(checks), checks.CloseAsync);
    };
}

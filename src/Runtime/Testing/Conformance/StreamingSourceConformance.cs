using Penstock.Connectors;

namespace Penstock.Testing;

/// <summary>
/// Checks that a source keeps the promises of <see cref="IStreamingSource{T}"/>: how it wakes the pipeline, how it ends, and where it goes
/// on.
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
    /// <summary>Makes the checks of a source whose splits are read side by side.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <param name="setUp">
    /// Makes the data and the source, anew for each check. What it creates must be an <see cref="IStreamingSource{T}"/>.
    /// </param>
    /// <param name="timeLimit">How long a check may take; it waits half as long for rows. Default: a minute.</param>
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

using Penstock.Connectors;

namespace Penstock.Testing;

/// <summary>Checks that a source keeps the promises of <see cref="ISource{T}"/> and <see cref="ISplitReader{T}"/>.</summary>
/// <example>
/// <code>
/// await SourceConformance.For(() =>
/// {
///     var folder = NewFolderWithTicks();
///     return new SourceSetup&lt;Tick&gt; { Create = () => new TickFiles(folder), Rows = ticks, BadRows = 1 };
/// }).VerifyAsync();
/// </code>
/// </example>
public static class SourceConformance
{
    /// <summary>
    /// Creates the checks of a source that is read row by row. For an <see cref="IStreamingSource{T}"/>, use
    /// <see cref="StreamingSourceConformance"/>.
    /// </summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <param name="setUp">
    /// Creates the data and the source. Called for each check. A few dozen rows in two or more splits, some of them bad, are best, because
    /// the source is opened at every position between two rows.
    /// </param>
    /// <param name="timeLimit">The maximum duration of a check. Default: one minute.</param>
    /// <returns>The checks.</returns>
    public static ConformanceSuite For<T>(Func<SourceSetup<T>> setUp, TimeSpan? timeLimit = null) => ConformanceSuite.Of(
        $"ISource<{typeof(T).Name}>",
        setUp,
        static setup => setup.CleanUp,
        timeLimit,
        SourceChecks<T>.All.Select(static check => (check.Name, Bind(check.Check))));

    private static Func<CheckRun, SourceSetup<T>, Task<bool>> Bind<T>(Func<SourceChecks<T>, bool> check) => (run, setup) =>
    {
        var checks = new SourceChecks<T>(run, setup);
        return CheckRun.ThenCloseAsync(() => Task.FromResult(check(checks)), checks.CloseAsync);
    };
}

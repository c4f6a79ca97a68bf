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
    /// Makes the checks of a source that is read by rows. For an <see cref="IStreamingSource{T}"/> there is
    /// <see cref="StreamingSourceConformance"/>.
    /// </summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <param name="setUp">
    /// Makes the data and the source, anew for each check. A few dozen rows in two or more splits, some of them bad, are best: the source
    /// is opened at every position between two rows.
    /// </param>
    /// <param name="timeLimit">How long a check may take. Default: a minute.</param>
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

using Penstock.Connectors;

namespace Penstock.Testing;

/// <summary>
/// Checks that the committer of a sink keeps the promises of <see cref="ISinkCommitter"/>: whose the place is, what can be taken back, and
/// that calls may come again. <see cref="SinkConformance"/> checks what a commit makes visible.
/// </summary>
/// <example>
/// <code>
/// await CommitterConformance.For(() => new SinkSetup&lt;Tick&gt; { … }).VerifyAsync();
/// </code>
/// </example>
public static class CommitterConformance
{
    /// <summary>Makes the checks of a committer.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <param name="setUp">Makes an empty place and the sink, anew for each check.</param>
    /// <param name="timeLimit">How long a check may take. Default: a minute.</param>
    /// <returns>The checks.</returns>
    public static ConformanceSuite For<T>(Func<SinkSetup<T>> setUp, TimeSpan? timeLimit = null) => ConformanceSuite.Of(
        nameof(ISinkCommitter),
        setUp,
        static setup => setup.CleanUp,
        timeLimit,
        CommitterChecks<T>.All.Select(
            static check => (check.Name, SinkPlace<T>.Bind(place => check.Check(new CommitterChecks<T>(place))))));
}

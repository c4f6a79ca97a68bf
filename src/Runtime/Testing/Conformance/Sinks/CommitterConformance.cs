using Penstock.Connectors;

namespace Penstock.Testing;

/// <summary>
/// Checks that the committer of a sink keeps the promises of <see cref="ISinkCommitter"/> about claims, revoked output, and repeated
/// calls. <see cref="SinkConformance"/> checks the output that a commit makes visible.
/// </summary>
/// <example>
/// <code>
/// await CommitterConformance.For(() => new SinkSetup&lt;Tick&gt; { … }).VerifyAsync();
/// </code>
/// </example>
public static class CommitterConformance
{
    /// <summary>Creates the checks of a committer.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <param name="setUp">Creates an empty place and the sink. Called for each check.</param>
    /// <param name="timeLimit">The maximum duration of a check. Default: one minute.</param>
    /// <returns>The checks.</returns>
    public static ConformanceSuite For<T>(Func<SinkSetup<T>> setUp, TimeSpan? timeLimit = null) => ConformanceSuite.Of(
        nameof(ISinkCommitter),
        setUp,
        static setup => setup.CleanUp,
        timeLimit,
        CommitterChecks<T>.All.Select(
            static check => (check.Name, SinkPlace<T>.Bind(place => check.Check(new CommitterChecks<T>(place))))));
}

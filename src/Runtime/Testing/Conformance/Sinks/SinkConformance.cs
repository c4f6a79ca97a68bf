using Penstock.Connectors;

namespace Penstock.Testing;

/// <summary>
/// Checks that a sink writes each row exactly once, as <see cref="ISink{T}"/> and <see cref="ISinkWriter{T}"/> promise. A sink whose rows
/// are visible as soon as they are written (<see cref="SinkCommitter.None"/>) may write some twice after a crash, so it does not pass.
/// </summary>
/// <example>
/// <code>
/// await SinkConformance.For(() =>
/// {
///     var folder = NewFolder();
///     return new SinkSetup&lt;Tick&gt; { Create = () => new TickParts(folder), ReadAsync = () => new(Read(folder)), Rows = ticks };
/// }).VerifyAsync();
/// </code>
/// </example>
public static class SinkConformance
{
    /// <summary>Creates the checks of a sink.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <param name="setUp">Creates an empty place and the sink. Called for each check.</param>
    /// <param name="timeLimit">The maximum duration of a check. Default: one minute.</param>
    /// <returns>The checks.</returns>
    public static ConformanceSuite For<T>(Func<SinkSetup<T>> setUp, TimeSpan? timeLimit = null) => ConformanceSuite.Of(
        $"ISink<{typeof(T).Name}>",
        setUp,
        static setup => setup.CleanUp,
        timeLimit,
        SinkChecks<T>.All.Select(static check => (check.Name, SinkPlace<T>.Bind(place => check.Check(new SinkChecks<T>(place))))));
}

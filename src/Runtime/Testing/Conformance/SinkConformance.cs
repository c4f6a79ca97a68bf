using Penstock.Connectors;

namespace Penstock.Testing;

/// <summary>
/// Checks that a sink delivers each row exactly once, as <see cref="ISink{T}"/> and <see cref="ISinkWriter{T}"/> promise. A sink whose rows
/// are visible as they are written (<see cref="SinkCommitter.None"/>) delivers some twice after a crash: it does not pass.
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
    /// <summary>Makes the checks of a sink.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <param name="setUp">Makes an empty place and the sink, anew for each check.</param>
    /// <param name="timeLimit">How long a check may take. Default: a minute.</param>
    /// <returns>The checks.</returns>
    public static ConformanceSuite For<T>(Func<SinkSetup<T>> setUp, TimeSpan? timeLimit = null) => ConformanceSuite.Of(
        $"ISink<{typeof(T).Name}>",
        setUp,
        static setup => setup.CleanUp,
        timeLimit,
        SinkChecks<T>.All.Select(static check => (check.Name, SinkPlace<T>.Bind(place => check.Check(new SinkChecks<T>(place))))));
}

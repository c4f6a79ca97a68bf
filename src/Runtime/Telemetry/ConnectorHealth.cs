namespace Penstock.Connectors;

/// <summary>
/// Where a source or sink says that it cannot do its work for the moment and tries again by itself. If that lasts for longer than
/// <see cref="HealthOptions.FailingAfter"/>, the pipeline is degraded. May be called from any thread.
/// </summary>
public sealed class ConnectorHealth
{
    private readonly TimeProvider _time;
    private volatile Trouble? _trouble;

    /// <summary>Creates it.</summary>
    /// <param name="owner">What it speaks of, for messages, such as "source 'Orders'".</param>
    /// <param name="time">The clock.</param>
    public ConnectorHealth(string owner, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(time);
        (Owner, _time) = (owner, time);
    }

    /// <summary>What it speaks of.</summary>
    public string Owner { get; }

    /// <summary>It fails, and will be tried again.</summary>
    /// <param name="problem">What is wrong, as a sentence without its full stop.</param>
    public void Failing(string problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        _trouble = new Trouble(problem, _trouble?.Since ?? _time.GetTimestamp());
    }

    /// <summary>It works.</summary>
    public void Working() => _trouble = null;

    /// <summary>What is wrong, if that has lasted for some time.</summary>
    internal string? FailingFor(
        TimeSpan duration) => _trouble is { } trouble && _time.GetElapsedTime(trouble.Since) is var elapsed && elapsed >= duration
        ? $"{Owner} has been failing for {(long)elapsed.TotalSeconds} s: {trouble.Problem}"
        : null;

    private sealed record Trouble(string Problem, long Since);
}

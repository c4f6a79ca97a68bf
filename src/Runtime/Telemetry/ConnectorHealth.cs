namespace Penstock.Connectors;

/// <summary>
/// Reports that a source or sink is temporarily unable to work and retries by itself. If that lasts longer than
/// <see cref="HealthOptions.FailingAfter"/>, the pipeline is degraded. Thread-safe.
/// </summary>
public sealed class ConnectorHealth
{
    private readonly TimeProvider _time;
    private volatile Failure? _failure;

    /// <summary>Creates the instance.</summary>
    /// <param name="owner">The connector for messages, such as "source 'Orders'".</param>
    /// <param name="time">The clock.</param>
    public ConnectorHealth(string owner, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(time);
        (Owner, _time) = (owner, time);
    }

    /// <summary>The connector, for messages.</summary>
    public string Owner { get; }

    /// <summary>Reports a failure; the connector retries.</summary>
    /// <param name="problem">The problem, as a sentence without its full stop.</param>
    public void ReportFailing(string problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        _failure = new Failure(problem, _failure?.Since ?? _time.GetTimestamp());
    }

    /// <summary>Reports that the connector works again.</summary>
    public void ReportWorking() => _failure = null;

    /// <summary>Returns the problem if it has lasted for at least a duration.</summary>
    internal string? DescribeFailure(
        TimeSpan duration) => _failure is { } failure && _time.GetElapsedTime(failure.Since) is var elapsed && elapsed >= duration
        ? $"{Owner} has been failing for {(long)elapsed.TotalSeconds} s: {failure.Problem}"
        : null;

    private sealed record Failure(string Problem, long Since);
}

namespace Penstock.State;

/// <summary>
/// The secret in the hashes of an operator's tables, the same for all of its subtasks. Each operator has its own, derived from that of the
/// job. So rows that leave one table in hash order do not enter the next table in its hash order.
/// </summary>
/// <param name="operatorId">The id of the operator.</param>
internal sealed class TableSecret(string operatorId)
{
    /// <summary>The secret of tables whose keys come from no external input.</summary>
    public static readonly TableSecret None = new("");

    /// <summary>The secret.</summary>
    public ulong Value { get; private set; } = StableHash.FixedSecret;

    /// <summary>Derives the secret from that of the job, while the tables are empty.</summary>
    public void Derive(ulong job) => Value = StableHash.Of(operatorId, job);
}

/// <summary>
/// The secret of a job, which determines where keys are stored in tables, so that nobody can predict which keys have equal hashes.
/// </summary>
internal sealed class JobSecret
{
    private readonly Dictionary<string, TableSecret> _tables = [];

    public JobSecret(ulong value) => Value = value;

    /// <summary>The secret of the job.</summary>
    public ulong Value { get; private set; }

    /// <summary>Returns the secret of an operator. Called by one thread while a graph is built.</summary>
    public TableSecret Of(string operatorId)
    {
        if (!_tables.TryGetValue(operatorId, out var secret))
        {
            secret = _tables[operatorId] = new TableSecret(operatorId);
            secret.Derive(Value);
        }

        return secret;
    }

    /// <summary>
    /// Sets the secret to that of a checkpoint, while all tables are empty. Entries are then restored in the hash order of their tables.
    /// </summary>
    public void Restore(ulong value)
    {
        Value = value;
        foreach (var secret in _tables.Values)
        {
            secret.Derive(value);
        }
    }
}

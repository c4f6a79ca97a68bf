namespace Penstock.State;

/// <summary>
/// The secret in the hashes of an operator's tables, the same for all its subtasks. Each operator has its own, derived from that of the
/// job: so rows that leave one table in the order of its hashes do not enter the next one in the order of the hashes there.
/// </summary>
/// <param name="operatorId">The id of the operator.</param>
internal sealed class TableSecret(string operatorId)
{
    /// <summary>That of tables whose keys nobody chooses.</summary>
    public static readonly TableSecret None = new("");

    /// <summary>The secret.</summary>
    public ulong Value { get; private set; } = StableHash.NoSecret;

    /// <summary>Takes over the secret of the job, as long as the tables are empty.</summary>
    public void Derive(ulong job) => Value = StableHash.Of(operatorId, job);
}

/// <summary>The secret of a job, which decides where keys lie in tables: nobody can know which keys have equal hashes.</summary>
internal sealed class JobSecret
{
    private readonly Dictionary<string, TableSecret> _tables = [];

    public JobSecret(ulong value) => Value = value;

    /// <summary>The secret of the job.</summary>
    public ulong Value { get; private set; }

    /// <summary>The secret of an operator. Called while a graph is built, by one thread.</summary>
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
    /// Takes over the secret that a checkpoint names, while all tables are empty: entries then come in the order in which they go into
    /// them.
    /// </summary>
    public void GoOnWith(ulong value)
    {
        Value = value;
        foreach (var secret in _tables.Values)
        {
            secret.Derive(value);
        }
    }
}

namespace Penstock.State;

/// <summary>The subtask that owns the state of an operator, as used for creating its collections.</summary>
internal interface IStateOwner
{
    /// <summary>The keys of the subtask.</summary>
    KeyRange KeyRange { get; }

    /// <summary>Returns the secret in the hashes of an operator's tables.</summary>
    /// <param name="id">The id of the operator.</param>
    TableSecret Secret(string id);

    /// <summary>Returns the memory account of a state.</summary>
    /// <param name="id">The id of the operator.</param>
    /// <param name="part">The name of the state in the operator.</param>
    /// <param name="countsKeys"><c>true</c> if its entries are counted as keys.</param>
    StateMemory Memory(string id, string part, bool countsKeys = true);

    /// <summary>Adds a state to the checkpoints of the subtask.</summary>
    /// <param name="part">The state.</param>
    void Register(IStatePart part);
}

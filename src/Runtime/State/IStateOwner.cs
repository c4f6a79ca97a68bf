namespace Penstock.State;

/// <summary>The subtask whose state an operator keeps, as its collections see it while they are created.</summary>
internal interface IStateOwner
{
    /// <summary>The keys of the subtask.</summary>
    KeyRange KeyRange { get; }

    /// <summary>The secret in the hashes of an operator's tables.</summary>
    /// <param name="id">The id of the operator.</param>
    TableSecret Secret(string id);

    /// <summary>Where the memory of a state is counted.</summary>
    /// <param name="id">The id of the operator.</param>
    /// <param name="part">Which of its states.</param>
    /// <param name="countsKeys">Whether its entries are counted as keys.</param>
    StateMemory Memory(string id, string part, bool countsKeys = true);

    /// <summary>Makes a state part of the checkpoints of the subtask.</summary>
    /// <param name="part">The state.</param>
    void Register(IStatePart part);
}

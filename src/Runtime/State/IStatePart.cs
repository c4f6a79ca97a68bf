using System.Buffers;

namespace Penstock.State;

/// <summary>A part of a subtask, saved in checkpoints under the id of its operator.</summary>
internal interface IStatePart
{
    /// <summary>The id of the operator or source.</summary>
    string Id { get; }

    /// <summary>The former ids of the part.</summary>
    IReadOnlyList<string> FormerIds => [];

    /// <summary>The layout of the part, which is compared at a restore: kind, key and fields.</summary>
    string Schema { get; }

    /// <summary>The schema, extended by former field names and upgrades that the part can restore from.</summary>
    string AcceptedSchema => Schema;

    /// <summary>The key groups of the part's entries, or null if it is not keyed.</summary>
    KeyGroupRange? KeyGroups => null;

    /// <summary>Freezes the part at a barrier. A table copies its directories, but none of its entries.</summary>
    /// <param name="all"><c>true</c> to save all entries, not only those changed since the last freeze.</param>
    /// <returns>The frozen version.</returns>
    IFrozenPart Freeze(bool all);

    /// <summary>Indicates whether saved data begin with a head that is not keyed and that every subtask reads.</summary>
    bool HasHead => false;

    /// <summary>
    /// Restores the data of a saved part that belong to this subtask. Called once for each subtask that saved a part which has a key group
    /// in common with this one or is not keyed.
    /// </summary>
    /// <param name="schema">The schema of the saved data.</param>
    /// <param name="writer">The keys of the subtask that saved them.</param>
    /// <param name="saved">The data saved by the checkpoints of a chain, oldest first: the full data, then the changes.</param>
    void Restore(string schema, KeyRange writer, IReadOnlyList<ReadOnlySequence<byte>> saved);

    /// <summary>
    /// Restores the head that is not keyed from a part without a key group of this subtask. Called if <see cref="HasHead"/> is <c>true</c>.
    /// </summary>
    /// <param name="newest">The data saved by the newest checkpoint of the chain.</param>
    void RestoreHead(in ReadOnlySequence<byte> newest)
    {
    }

    /// <summary>Discards restored data, because another checkpoint is restored instead.</summary>
    void Forget();

    /// <summary>
    /// Resets event time after a restore from a checkpoint in which it had been advanced to its end before the end of input.
    /// </summary>
    void ForgetWatermark()
    {
    }

    /// <summary>Called when all parts of the subtask are restored, or if there was nothing to restore.</summary>
    void Restored()
    {
    }
}

/// <summary>A part as of a barrier.</summary>
internal interface IFrozenPart
{
    /// <summary>Writes the part. May be called on any thread.</summary>
    void Write(StateStream stream);

    /// <summary>Ends the freeze, written or not. Called once.</summary>
    void End();
}

/// <summary>A small part that is always saved as a whole, serialized at the barrier.</summary>
internal sealed class FrozenBytes(byte[] bytes) : IFrozenPart
{
    public void Write(StateStream stream) => stream.Write(bytes);

    public void End()
    {
        // There is nothing to release.
    }
}

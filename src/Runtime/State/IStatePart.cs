using System.Buffers;

namespace Penstock.State;

/// <summary>A part of a subtask that is saved in checkpoints under the id of its operator.</summary>
internal interface IStatePart
{
    /// <summary>The id of the operator or source.</summary>
    string Id { get; }

    /// <summary>Ids that the part had before.</summary>
    IReadOnlyList<string> FormerIds => [];

    /// <summary>The layout of the part, compared at a restore: kind, key and fields.</summary>
    string Schema { get; }

    /// <summary>The schema with what else the part can restore: former names of fields, and upgrades.</summary>
    string Accepts => Schema;

    /// <summary>The key groups that the part has entries of; null where it is not by key.</summary>
    KeyGroupRange? KeyGroups => null;

    /// <summary>Freezes the part as it is at a barrier. A table copies its directories and none of its entries.</summary>
    /// <param name="all">Whether all of it is to be written, and not only what has changed since the last freeze.</param>
    /// <returns>The frozen version.</returns>
    IFrozenPart Freeze(bool all);

    /// <summary>Whether what was saved begins with something that is not by key, so that every subtask reads it.</summary>
    bool HasHead => false;

    /// <summary>
    /// Takes from a saved part what belongs to this subtask; called once for each subtask that saved one with a key group of this one, or
    /// not by key.
    /// </summary>
    /// <param name="schema">The schema by which it was saved.</param>
    /// <param name="writer">The keys of the subtask that saved it.</param>
    /// <param name="saved">What the checkpoints of a chain have saved: all of it, then what changed, oldest first.</param>
    void Restore(string schema, KeyRange writer, IReadOnlyList<ReadOnlySequence<byte>> saved);

    /// <summary>
    /// Takes what is not by key from a part that was saved without a key group of this subtask; called where <see cref="HasHead"/> says so.
    /// </summary>
    /// <param name="newest">What the newest checkpoint of the chain has saved.</param>
    void RestoreHead(in ReadOnlySequence<byte> newest)
    {
    }

    /// <summary>Gives up what was restored: another checkpoint is taken instead.</summary>
    void Forget();

    /// <summary>Begins event time anew after a restore, where the saved one had been moved to its end before the input was.</summary>
    void ForgetWatermark()
    {
    }

    /// <summary>Called when every part of the subtask is restored, or there was nothing to restore.</summary>
    void Restored()
    {
    }
}

/// <summary>A part as it was at a barrier.</summary>
internal interface IFrozenPart
{
    /// <summary>Writes the part, on any thread.</summary>
    void Write(StateStream stream);

    /// <summary>Ends the freeze, whether or not it was written; once.</summary>
    void End();
}

/// <summary>A small part that is always saved whole: its bytes are made at the barrier.</summary>
internal sealed class FrozenBytes(byte[] bytes) : IFrozenPart
{
    public void Write(StateStream stream) => stream.Write(bytes);

    public void End()
    {
        // Nothing is held.
    }
}

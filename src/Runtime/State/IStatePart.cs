using System.Buffers;

namespace Penstock.State;

/// <summary>A part of a subtask that is saved in checkpoints under the id of its operator.</summary>
internal interface IStatePart
{
    /// <summary>The id of the operator or source.</summary>
    string Id { get; }

    /// <summary>The layout of the part, compared at a restore: kind, key and fields.</summary>
    string Schema { get; }

    /// <summary>Writes the part.</summary>
    void Save(StateBuffer buffer);

    /// <summary>Takes from a saved part what belongs to this subtask; called once for each subtask that saved one.</summary>
    void Restore(in ReadOnlySequence<byte> saved);
}

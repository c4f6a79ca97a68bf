using System.ComponentModel;
using System.Runtime.CompilerServices;
using Penstock.Connectors;
using Penstock.State;

namespace Penstock.Tasks;

/// <summary>
/// Sends rows to the subtasks of the next task by key. Rows are collected in one batch per target. Inside an execution group a full batch
/// is passed by a direct call on the same thread; otherwise it is sent over the target's channel.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ExchangeOutput<T> : IOutput
{
    private readonly BatchSender<T> _sender;
    private readonly Batch<T>[] _batches;
    private readonly int _keyGroups;

    // The target that owns each key group, and the current batch of the target for the group.
    private readonly int[] _targetOfGroup;
    private readonly Batch<T>[] _batchOfGroup;

    // Used only for errors: rows are sent by a hash that the compiler has inlined.
    private readonly Func<T, string?> _key;

    internal ExchangeOutput(Subtask owner, string toTask, Func<T, string?> key, OutputEdge edge, int batchSize, int keyGroups)
    {
        _key = key;
        ToTask = toTask;
        _sender = new BatchSender<T>(owner, edge, batchSize);

        // Used for every row: one load instead of three.
        HasOneTarget = _sender.Targets == 1;
        _keyGroups = HasOneTarget ? 1 : keyGroups;
        _targetOfGroup = [.. Enumerable.Range(0, _keyGroups).Select(group => KeyGroups.OwnerOf(group, _keyGroups, _sender.Targets))];
        _batchOfGroup = new Batch<T>[_keyGroups];
        _batches = new Batch<T>[_sender.Targets];
        for (var target = 0; target < _batches.Length; target++)
        {
            Fill(target, _sender.Begin());
        }
    }

    /// <summary>The receiving task.</summary>
    internal string ToTask { get; }

    /// <summary>Creates the exception for a row whose key threw an exception.</summary>
    /// <param name="error">The original exception.</param>
    /// <returns>The exception to throw, which the task catches.</returns>
    public Exception KeyFailed(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new KeyFailedException(ToTask, error);
    }

    /// <summary>Returns the exception thrown when the key of a row is read, or null if it can be read.</summary>
    internal Exception? KeyError(in T row)
    {
        try
        {
            _ = _key(row);
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    /// <summary>Indicates whether all rows go to one subtask, so that no hash is needed.</summary>
    public bool HasOneTarget { get; }

    /// <summary>Sends a row of a stream without event time to the subtask that owns its key.</summary>
    /// <typeparam name="TKey">The key. It cannot throw; a computed key is sent by <see cref="Emit(in T, ulong)"/>.</typeparam>
    /// <param name="row">The row to send.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EmitByKey<TKey>(in T row)
        where TKey : struct, IRowKey<TKey, T> => Emit(in row, HashOf<TKey>(in row));

    /// <summary>Sends a row to the subtask that owns its key.</summary>
    /// <typeparam name="TKey">The key. It cannot throw; a computed key is sent by <see cref="Emit(in T, long, ulong)"/>.</typeparam>
    /// <param name="row">The row to send.</param>
    /// <param name="time">Its event time in microseconds since the Unix epoch.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EmitByKey<TKey>(in T row, long time)
        where TKey : struct, IRowKey<TKey, T> => Emit(in row, time, HashOf<TKey>(in row));

    /// <summary>Sends a row of an upsert stream to the subtask that owns its key.</summary>
    /// <typeparam name="TKey">
    /// The key. It cannot throw; a computed key is sent by <see cref="Emit(in T, long, ulong, RowKind)"/>.
    /// </typeparam>
    /// <param name="row">The row to send.</param>
    /// <param name="time">Its event time in microseconds since the Unix epoch.</param>
    /// <param name="kind">The row kind.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EmitByKey<TKey>(in T row, long time, RowKind kind)
        where TKey : struct, IRowKey<TKey, T> => Emit(in row, time, HashOf<TKey>(in row), kind);

    /// <summary>Sends a row of a stream without event time to the subtask that owns its key.</summary>
    /// <param name="row">The row to send.</param>
    /// <param name="hash">The hash of its key; ignored if <see cref="HasOneTarget"/> is <c>true</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Emit(in T row, ulong hash)
    {
        var batch = _batchOfGroup[KeyGroups.Of(hash, _keyGroups)];
        if (batch.Add(in row))
        {
            SendFull(batch);
        }
    }

    /// <summary>Sends a row to the subtask that owns its key.</summary>
    /// <param name="row">The row to send.</param>
    /// <param name="time">Its event time in microseconds since the Unix epoch.</param>
    /// <param name="hash">The hash of its key; ignored if <see cref="HasOneTarget"/> is <c>true</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Emit(in T row, long time, ulong hash)
    {
        // With one group, as with one target, this is the first batch for every hash.
        var batch = _batchOfGroup[KeyGroups.Of(hash, _keyGroups)];
        if (batch.Add(in row, time))
        {
            SendFull(batch);
        }
    }

    /// <summary>Sends a row of an upsert stream to the subtask that owns its key.</summary>
    /// <param name="row">The row to send.</param>
    /// <param name="time">Its event time in microseconds since the Unix epoch.</param>
    /// <param name="hash">The hash of its key; ignored if <see cref="HasOneTarget"/> is <c>true</c>.</param>
    /// <param name="kind">The row kind.</param>
    public void Emit(in T row, long time, ulong hash, RowKind kind)
    {
        var batch = _batchOfGroup[KeyGroups.Of(hash, _keyGroups)];
        var full = batch.Add(in row, time);
        batch.SetLastKind(kind);
        if (full)
        {
            SendFull(batch);
        }
    }

    // Inlined with an exact key type, in which the JIT resolves both calls.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong HashOf<TKey>(in T row)
        where TKey : struct, IRowKey<TKey, T> => HasOneTarget ? 0 : TKey.Hash(TKey.Of(in row), StableHash.FixedSecret);

    void IOutput.EmitWatermark(long split, long combined)
    {
        foreach (var batch in _batches)
        {
            batch.AddWatermark(split, combined);
        }
    }

    void IOutput.Flush()
    {
        for (var target = 0; target < _batches.Length; target++)
        {
            if (!_batches[target].IsEmpty)
            {
                Send(target);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SendFull(Batch<T> batch) => Send(Array.IndexOf(_batches, batch));

    private void Send(int target)
    {
        var sent = _batches[target];
        var next = _sender.Send(target, sent);
        if (next != sent)
        {
            Fill(target, next);
        }
    }

    // Replaces the current batch of a target.
    private void Fill(int target, Batch<T> batch)
    {
        _batches[target] = batch;
        for (var group = 0; group < _keyGroups; group++)
        {
            if (_targetOfGroup[group] == target)
            {
                _batchOfGroup[group] = batch;
            }
        }
    }
}

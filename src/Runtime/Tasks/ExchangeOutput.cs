using System.ComponentModel;
using System.Runtime.CompilerServices;
using Penstock.State;
using Penstock.Streams;

namespace Penstock.Tasks;

/// <summary>
/// The way of rows to the subtasks of the next task, by key. Rows gather in a batch per target. At parallelism 1 a full batch is
/// handed over by a direct call on the same thread; else it goes through the target's channel.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ExchangeOutput<T> : IOutput
{
    private readonly Subtask _owner;
    private readonly Subtask<T>? _direct;
    private readonly Channel[] _channels;
    private readonly Batch<T>[] _batches;
    private readonly BatchPool<T> _pool;
    private readonly int _keyGroups;

    // The target that owns each key group, and the batch that its rows go to now.
    private readonly int[] _targetOfGroup;
    private readonly Batch<T>[] _batchOfGroup;

    // For errors only: rows are sent by a hash that the compiler has had written out.
    private readonly Func<T, string?> _key;

    internal ExchangeOutput(Subtask owner, string toTask, Func<T, string?> key, Subtask<T>? direct, Channel[] channels, int batchSize, int keyGroups)
    {
        _owner = owner;
        _key = key;
        ToTask = toTask;
        _direct = direct;
        _channels = channels;
        _pool = new BatchPool<T>(batchSize);
        _keyGroups = direct != null ? 1 : keyGroups;
        _targetOfGroup = [.. Enumerable.Range(0, _keyGroups).Select(group => KeyGroups.OwnerOf(group, _keyGroups, Math.Max(1, channels.Length)))];
        _batchOfGroup = new Batch<T>[_keyGroups];
        _batches = new Batch<T>[direct != null ? 1 : channels.Length];
        for (var target = 0; target < _batches.Length; target++)
        {
            Begin(target);
        }
    }

    /// <summary>The task that the rows go to.</summary>
    internal string ToTask { get; }

    /// <summary>Makes the exception for a row whose key has thrown.</summary>
    /// <param name="error">What it has thrown.</param>
    /// <returns>The exception to throw, which the task catches.</returns>
    public Exception KeyFailed(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new KeyFailedException(ToTask, error);
    }

    /// <summary>What is thrown when the key of a row is read; null when it can be read.</summary>
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

    /// <summary>Whether there is one target, called directly: then no hash is needed.</summary>
    public bool IsDirect => _direct != null;

    /// <summary>Sends a row of a stream without event time to the subtask that owns its key.</summary>
    /// <param name="row">The row to send on.</param>
    /// <param name="hash">The hash of its key; anything when <see cref="IsDirect"/>.</param>
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
    /// <param name="row">The row to send on.</param>
    /// <param name="time">Its event time in microseconds since the Unix epoch.</param>
    /// <param name="hash">The hash of its key; anything when <see cref="IsDirect"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Emit(in T row, long time, ulong hash)
    {
        // With one group, as when the target is called directly, this is the first batch whatever the hash.
        var batch = _batchOfGroup[KeyGroups.Of(hash, _keyGroups)];
        if (batch.Add(in row, time))
        {
            SendFull(batch);
        }
    }

    /// <summary>Sends a row of an upsert stream to the subtask that owns its key.</summary>
    /// <param name="row">The row to send on.</param>
    /// <param name="time">Its event time in microseconds since the Unix epoch.</param>
    /// <param name="hash">The hash of its key; anything when <see cref="IsDirect"/>.</param>
    /// <param name="kind">What the row means.</param>
    public void Emit(in T row, long time, ulong hash, RowKind kind)
    {
        var batch = _batchOfGroup[KeyGroups.Of(hash, _keyGroups)];
        var full = batch.Add(in row, time);
        if (kind != RowKind.Insert)
        {
            batch.SetLastKind(kind);
        }

        if (full)
        {
            SendFull(batch);
        }
    }

    void IOutput.Step(long split, long overall)
    {
        foreach (var batch in _batches)
        {
            batch.AddStep(split, overall);
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
        var batch = _batches[target];
        _owner.Counters.RowsOut += batch.Count;
        if (_direct != null)
        {
            _direct.Receive(0, batch);
            batch.Empty();
        }
        else
        {
            Begin(target);
            _owner.Send(_channels[target], new Message(MessageKind.Batch, Batch: batch));
        }
    }

    private void Begin(int target)
    {
        var batch = _pool.Rent();
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

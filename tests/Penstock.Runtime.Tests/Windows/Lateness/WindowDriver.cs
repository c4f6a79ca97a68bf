using System.Buffers;
using Penstock.State;
using Penstock.Time;
using Penstock.Windows;

namespace Penstock.Runtime.Tests.Windows.Lateness;

/// <summary>The windows of a subtask without a pipeline around them: counts of rows by key and end.</summary>
internal abstract class WindowDriver
{
    public const int Size = 60;
    public const int Step = 5;

    protected abstract IStatePart Part { get; }

    /// <summary>Creates tumbling windows, or those of a <see cref="WindowForm"/>.</summary>
    public static WindowDriver Create(WindowForm? form, KeyRange range, long lateness) =>
        form is { } overlapping ? new Slices(overlapping, range, lateness) : new Windows(range, lateness);

    /// <summary>The ends of the windows that contain a time.</summary>
    public static IEnumerable<long> Ends(WindowForm? form, long time)
    {
        if (form == null)
        {
            return [Floor(time, Size) + Size];
        }

        var first = Floor(time, Step) + Step;
        var last = form == WindowForm.Sliding ? first - Step + Size : Floor(time, Size) + Size;
        return Enumerable.Range(0, (int)((last - first) / Step) + 1).Select(index => first + index * Step);
    }

    /// <summary>Adds a row.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="time">Its time.</param>
    /// <param name="splitWatermark">The watermark of its split.</param>
    /// <returns><c>false</c> if it is late.</returns>
    public abstract bool Add(long key, long time, long splitWatermark = Watermarks.None);

    public abstract void Fire(long watermark, Dictionary<(long Key, long End), int> results);

    public abstract void TakeLate(Dictionary<(long Key, long End), int> results);

    public byte[] Save() => SavedParts.BytesOf(Part);

    /// <summary>Restores the state of all subtasks, as a start does.</summary>
    public void Restore(IEnumerable<(KeyRange Writer, byte[] State)> saved)
    {
        foreach (var (writer, state) in saved)
        {
            if (Part.KeyGroups!.Meets(writer.Groups))
            {
                Part.Restore(Part.Schema, writer, [new ReadOnlySequence<byte>(state)]);
            }
            else
            {
                Part.RestoreHead(new ReadOnlySequence<byte>(state));
            }
        }

        Part.Restored();
    }

    private static long Floor(long time, long length) => (long)Math.Floor(time / (double)length) * length;

    private sealed class Windows(KeyRange range, long lateness) : WindowDriver
    {
        private readonly WindowTable<LongKey, StateCell<int>, IntCodec> _windows = new(
            "Windows",
            range,
            new SubtaskCounters(),
            new StateBudget("Test", null).For("Windows"),
            TableSecret.None,
            Size,
            0,
            lateness);

        protected override IStatePart Part => _windows;

        public override bool Add(long key, long time, long splitWatermark)
        {
            if (_windows.At(time, splitWatermark) is not { } window)
            {
                return false;
            }

            var hash = LongKey.Hash(new LongKey(key), _windows.Secret);
            var known = window.Count;
            window.GetOrAdd(new LongKey(key), hash).Value++;
            if (window.HasFired)
            {
                _windows.QueueRefire(window, new LongKey(key), hash, known);
            }

            return true;
        }

        public override void Fire(long watermark, Dictionary<(long Key, long End), int> results)
        {
            while (_windows.TryTakeDue(watermark, out var window))
            {
                var unfired = window.Unfired();
                while (unfired.MoveNext())
                {
                    results[(unfired.Current.Key.Value, window.End)] = unfired.Current.State.Value;
                }

                _windows.Done(window, in unfired);
            }
        }

        public override void TakeLate(Dictionary<(long Key, long End), int> results)
        {
            while (_windows.TryTakeLate(out var late))
            {
                results[(late.Key.Value, late.Window.End)] = late.State.Value;
            }
        }
    }

    private sealed class Slices(WindowForm form, KeyRange range, long lateness) : WindowDriver
    {
        private readonly SliceTable<LongKey, StateCell<int>, IntCodec, Adder> _slices = new(
            "Slices",
            range,
            new SubtaskCounters(),
            new StateBudget("Test", null).For("Slices"),
            new StateBudget("Test", null).For("Slices", "aggregates", countsKeys: false),
            TableSecret.None,
            form,
            Size,
            Step,
            0,
            lateness,
            default);

        protected override IStatePart Part => _slices;

        public override bool Add(long key, long time, long splitWatermark)
        {
            if (_slices.At(time, splitWatermark) is not { } slice)
            {
                return false;
            }

            var hash = LongKey.Hash(new LongKey(key), _slices.Secret);
            var known = slice.Count;
            slice.GetOrAdd(new LongKey(key), hash).Value++;
            if (slice.HasFired)
            {
                _slices.Changed(slice, new LongKey(key), hash, known);
            }

            return true;
        }

        public override void Fire(long watermark, Dictionary<(long Key, long End), int> results)
        {
            while (_slices.TryTakeDue(watermark, out var window))
            {
                var unfired = _slices.Unfired();
                while (unfired.MoveNext())
                {
                    results[(unfired.Key.Value, window.End)] = _slices.Merged.Value;
                }

                _slices.Done();
            }
        }

        public override void TakeLate(Dictionary<(long Key, long End), int> results)
        {
            while (_slices.TryTakeLate(out var late))
            {
                results[(late.Key.Value, late.Window.End)] = _slices.Merged.Value;
            }
        }

        private readonly struct Adder : IStateMerger<StateCell<int>>
        {
            public void Merge(ref StateCell<int> state, in StateCell<int> other) => state.Value += other.Value;
        }
    }
}

namespace Penstock.Runtime.Tests.Tasks.Calls;

/// <summary>A service whose calls the test completes one by one, unless it answers at once.</summary>
public sealed class Desk
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, TaskCompletionSource<int>> _open = [];
    private readonly List<int> _started = [];

    /// <summary>Whether it answers the call for a number before it returns.</summary>
    public Func<int, bool> AnswersAtOnce { get; set; } = static _ => false;

    /// <summary>Whether it ignores that calls are canceled.</summary>
    public bool IsStubborn { get; set; }

    /// <summary>The largest number of calls at once.</summary>
    public int Most { get; private set; }

    /// <summary>The number of operators that are disposed.</summary>
    public int Closed { get; private set; }

    /// <summary>The numbers of the calls since the last call of this member, in the order of their start.</summary>
    public int[] TakeStarted()
    {
        lock (_gate)
        {
            int[] started = [.. _started];
            _started.Clear();
            return started;
        }
    }

    /// <summary>The numbers of the calls that wait for an answer.</summary>
    public int[] Open
    {
        get
        {
            lock (_gate)
            {
                return [.. _open.Keys];
            }
        }
    }

    public static int PriceOf(int number) => (number * 7) + 1;

    public ValueTask<int> PriceAsync(int number, CancellationToken cancellation)
    {
        TaskCompletionSource<int> answer;
        lock (_gate)
        {
            _started.Add(number);
            if (AnswersAtOnce(number))
            {
                return new(PriceOf(number));
            }

            _open[number] = answer = new TaskCompletionSource<int>();
            Most = Math.Max(Most, _open.Count);
        }

        if (!IsStubborn)
        {
            cancellation.Register(() =>
            {
                Remove(number, answer);
                answer.TrySetCanceled(cancellation);
            });
        }

        return new(answer.Task);
    }

    /// <summary>The number of calls that were canceled.</summary>
    public int Canceled { get; private set; }

    public void NoteClosed() => Closed++;

    /// <summary>Answers calls, in this order.</summary>
    public void Answer(params ReadOnlySpan<int> numbers)
    {
        foreach (var number in numbers)
        {
            Take(number).SetResult(PriceOf(number));
        }
    }

    /// <summary>Lets a call fail.</summary>
    public void Fail(int number, string message) => Take(number).SetException(new InvalidOperationException(message));

    private TaskCompletionSource<int> Take(int number)
    {
        lock (_gate)
        {
            Assert.True(_open.Remove(number, out var answer), $"Call {number} is not open.");
            return answer;
        }
    }

    // The same row may be called again meanwhile.
    private void Remove(int number, TaskCompletionSource<int> answer)
    {
        lock (_gate)
        {
            Canceled++;
            if (_open.TryGetValue(number, out var open) && open == answer)
            {
                _open.Remove(number);
            }
        }
    }
}

namespace Penstock.Runtime.Tests.Checkpoints;

/// <summary>Runs actors on separate threads, one step of one actor at a time, in an order that a seed decides.</summary>
internal sealed class Turns(Random random)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, SemaphoreSlim> _waiting = [];
    private readonly SemaphoreSlim _quiet = new(0);
    private readonly Dictionary<int, int> _pausedUntil = [];
    private int _step;

    /// <summary>Waits until it is the turn of the actor, before its next step.</summary>
    public void Next(int actor)
    {
        var turn = new SemaphoreSlim(0);
        lock (_gate)
        {
            _waiting[actor] = turn;
        }

        _quiet.Release();
        turn.Wait();
    }

    /// <summary>Runs all actors to their end.</summary>
    /// <param name="actors">The work of each actor, which calls <see cref="Next"/> before each of its steps.</param>
    /// <param name="between">Called between two steps.</param>
    public void Run(IReadOnlyList<Action> actors, Action between)
    {
        var tasks = actors.Select(actor => Task.Factory.StartNew(
            () => { try { actor(); } finally { _quiet.Release(); } },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();
        for (var begun = 0; begun < tasks.Length; begun++)
        {
            _quiet.Wait();
        }

        while (true)
        {
            SemaphoreSlim turn;
            lock (_gate)
            {
                if (_waiting.Count == 0)
                {
                    break;
                }

                var actor = Choose();
                turn = _waiting[actor];
                _waiting.Remove(actor);
            }

            between();
            turn.Release();
            _quiet.Wait();
        }

        Task.WaitAll(tasks);
    }

    // Mostly fair; sometimes one actor stops while the others advance far.
    private int Choose()
    {
        _step++;
        var actors = _waiting.Keys.Order().ToList();
        if (random.Next(8) == 0)
        {
            _pausedUntil[actors[random.Next(actors.Count)]] = _step + random.Next(100);
        }

        var awake = actors.FindAll(actor => _pausedUntil.GetValueOrDefault(actor) <= _step);
        return awake.Count > 0 ? awake[random.Next(awake.Count)] : actors[random.Next(actors.Count)];
    }
}

using Penstock.Time;

namespace Penstock.Tasks;

/// <summary>
/// Keeps the sources of a pipeline together in event time: a subtask of a source that is further ahead of another one than the pipeline
/// allows is held until that one has come closer. Compared are the subtasks of the same source, and of sources that are united.
/// </summary>
/// <remarks>
/// What is held reads nothing more. Nothing is held that was read, so no barrier waits, and no channel is full because of it. The one that
/// is behind all others is never held, so one of them can always go on; and one that is idle or has ended holds nobody.
/// </remarks>
/// <param name="sources">Which sources are united.</param>
/// <param name="maxDriftMicros">How far one may be ahead, in microseconds.</param>
internal sealed class TimeAlignment(PlanSources sources, long maxDriftMicros)
{
    private readonly Lock _gate = new();
    private readonly long _maxDriftMicros = maxDriftMicros;
    private readonly List<Member> _members = [];

    /// <summary>Adds a subtask of a source. All are added before the first one reads.</summary>
    /// <param name="source">The source.</param>
    /// <param name="wake">Called when the subtask is held no longer, on the thread of another one.</param>
    public Member Join(string source, Action wake)
    {
        var united = sources.UnionsOf(source).SelectMany(static others => others).ToHashSet();
        var member = new Member(this, source, wake);
        foreach (var other in _members.Where(other => other.Source == source || united.Contains(other.Source)))
        {
            member.Others.Add(other);
            other.Others.Add(member);
        }

        _members.Add(member);
        return member;
    }

    /// <summary>A subtask of a source.</summary>
    internal sealed class Member(TimeAlignment alignment, string source, Action wake)
    {
        private long _reached = Watermarks.None;
        private volatile bool _isHeld;

        public string Source => source;

        /// <summary>Those that it must not be too far ahead of.</summary>
        public List<Member> Others { get; } = [];

        /// <summary>Whether it is ahead, and waits; on any thread.</summary>
        public bool IsHeld => _isHeld;

        /// <summary>Notes how far the subtask has come, and lets those go on that it has held.</summary>
        public void Report(long reached)
        {
            lock (alignment._gate)
            {
                if (reached == _reached)
                {
                    return;
                }

                _reached = reached;
                foreach (var other in Others)
                {
                    if (other._isHeld && !other.IsAhead())
                    {
                        other._isHeld = false;
                        other.Wake();
                    }
                }
            }
        }

        /// <summary>Holds the subtask where it is too far ahead: it is woken when it may go on.</summary>
        /// <returns>Whether it is held.</returns>
        public bool Hold()
        {
            lock (alignment._gate)
            {
                return _isHeld = IsAhead();
            }
        }

        private void Wake() => wake();

        // Idle ones and those that have ended are ahead of every instant.
        private bool IsAhead()
        {
            if (!Watermarks.IsInstant(_reached))
            {
                return false;
            }

            foreach (var other in Others)
            {
                if (other._reached < _reached - alignment._maxDriftMicros)
                {
                    return true;
                }
            }

            return false;
        }
    }
}

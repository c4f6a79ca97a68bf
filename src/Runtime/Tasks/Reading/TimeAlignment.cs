using Penstock.Time;

namespace Penstock.Tasks;

/// <summary>
/// Aligns the sources of a pipeline in event time: a subtask of a source that is further ahead of another one than the pipeline allows is
/// held until that one has caught up. The subtasks of the same source, and of sources whose rows reach the same task, are compared.
/// </summary>
/// <remarks>
/// A held subtask reads nothing more. Rows that were read are not held, so no barrier waits and no channel fills up because of it. The
/// subtask that is behind all others is never held, so at least one can always continue; subtasks that are idle or have ended do not hold
/// others.
/// </remarks>
/// <param name="sources">The sources of each task.</param>
/// <param name="maxDriftMicros">The maximum drift, in microseconds.</param>
internal sealed class TimeAlignment(PlanSources sources, long maxDriftMicros)
{
    private readonly Lock _gate = new();
    private readonly long _maxDriftMicros = maxDriftMicros;
    private readonly List<Member> _members = [];

    /// <summary>Adds a subtask of a source. All subtasks are added before the first one reads.</summary>
    /// <param name="source">The source.</param>
    /// <param name="wake">Called when the subtask is no longer held, on the thread of another one.</param>
    public Member Join(string source, Action wake)
    {
        var others = sources.GroupsWith(source).SelectMany(static group => group).ToHashSet();
        var member = new Member(this, source, wake);
        foreach (var other in _members.Where(other => other.Source == source || others.Contains(other.Source)))
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
        private volatile bool _isPaused;

        public string Source => source;

        /// <summary>The members that it must not be too far ahead of.</summary>
        public List<Member> Others { get; } = [];

        /// <summary>Indicates whether the subtask is held because it is ahead. May be read on any thread.</summary>
        public bool IsPaused => _isPaused;

        /// <summary>Updates the watermark of the subtask, and releases members that it has held.</summary>
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
                    if (other._isPaused && !other.IsAhead())
                    {
                        other._isPaused = false;
                        other.Wake();
                    }
                }
            }
        }

        /// <summary>Holds the subtask if it is too far ahead, and otherwise not. It is woken when it may continue.</summary>
        /// <returns><c>true</c> if it is held.</returns>
        public bool UpdateHeld()
        {
            lock (alignment._gate)
            {
                return _isPaused = IsAhead();
            }
        }

        private void Wake() => wake();

        // Idle and ended members are ahead of every event time.
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

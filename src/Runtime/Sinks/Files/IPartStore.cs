using System.ComponentModel;

namespace Penstock.Sinks.Files;

/// <summary>
/// Where a file sink keeps its part files: a folder, or a prefix in a store of objects. A part is known by the name under which it will be
/// visible; until it is committed only the sink can see it.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IPartStore : IDisposable
{
    /// <summary>What the names of the parts are derived from, with the whole way to it.</summary>
    string Place { get; }

    /// <summary>The name of the mark that says which job writes here, for messages.</summary>
    string MarkName { get; }

    /// <summary>Begins a part that is not visible yet.</summary>
    /// <param name="name">The name that it gets when it is committed.</param>
    /// <returns>The part.</returns>
    IPart Create(string name);

    /// <summary>Makes what was closed findable after a power cut.</summary>
    /// <returns>A task that completes when it is.</returns>
    Task SealAsync();

    /// <summary>Makes parts visible; those that are visible already are left as they are.</summary>
    /// <param name="checkpoint">The checkpoint that holds them.</param>
    /// <param name="parts">The parts.</param>
    /// <param name="stop">Gives it up.</param>
    /// <returns>A task that completes when they are visible for good.</returns>
    /// <exception cref="PipelineException">One is gone, or another job has taken the place.</exception>
    ValueTask CommitAsync(long checkpoint, IReadOnlyList<PreparedPart> parts, CancellationToken stop);

    /// <summary>
    /// Called on another thread when the pipeline restarts or its time to stop is over: what waits for the store must give up.
    /// </summary>
    void Interrupt()
    {
        // A folder answers at once, or with an error.
    }

    /// <summary>The names of all that is visible at the place, also of what no job of Penstock wrote.</summary>
    /// <returns>The names.</returns>
    IReadOnlyList<string> ListVisible();

    /// <summary>The names that parts would get that are not committed, those of other jobs included.</summary>
    /// <returns>The names.</returns>
    IReadOnlyList<string> ListHidden();

    /// <summary>Deletes parts.</summary>
    /// <param name="visible">The names of visible ones.</param>
    /// <param name="hidden">The names that hidden ones would get.</param>
    void Delete(IReadOnlyList<string> visible, IReadOnlyList<string> hidden);

    /// <summary>Whether <see cref="TryHold"/> keeps other processes out; if not, the mark has to.</summary>
    bool KeepsOthersOut { get; }

    /// <summary>Keeps other processes out, where that can be done, until <see cref="LetGo"/> or the end of the process.</summary>
    /// <returns>False when another process does so.</returns>
    bool TryHold();

    /// <summary>Ends what <see cref="TryHold"/> began.</summary>
    /// <param name="leavesNothing">Whether nothing that served for it stays behind.</param>
    void LetGo(bool leavesNothing);

    /// <summary>Reads the mark.</summary>
    /// <returns>What <see cref="WriteMark"/> wrote; null when there is none.</returns>
    byte[]? ReadMark();

    /// <summary>Puts a mark in the place of that which was read; from then on the place is this process's.</summary>
    /// <param name="mark">The mark, one line of text.</param>
    /// <exception cref="PipelineException">Another job has taken the place in the meantime.</exception>
    void WriteMark(byte[] mark);

    /// <summary>Goes on with a mark of the same job.</summary>
    /// <param name="mark">The mark that was read.</param>
    /// <exception cref="PipelineException">Another job has taken the place in the meantime.</exception>
    void KeepMark(byte[] mark);

    /// <summary>Deletes the mark.</summary>
    void DeleteMark();
}

/// <summary>A part that is being written.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IPart : IDisposable
{
    /// <summary>Appends bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Ends the part: it is durable, though invisible, when the task completes. Disposes it, too.</summary>
    /// <returns>What the store needs to make it visible, besides name and length.</returns>
    Task<byte[]> CloseAsync();
}

/// <summary>A part that is durable and waits for its checkpoint.</summary>
/// <param name="Name">The name that it gets when it is committed.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Ticket">What <see cref="IPart.CloseAsync"/> gave.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record PreparedPart(string Name, long Length, ReadOnlyMemory<byte> Ticket);

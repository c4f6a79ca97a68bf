using MemoryPack;
using Penstock.Runtime.Tests.Tasks.Calls;

namespace Penstock.Runtime.Tests.State.Values;

/// <summary>An object that refers to itself through another one.</summary>
[MemoryPackable(GenerateType.CircularReference)]
public partial class Person
{
    [MemoryPackOrder(0)]
    public string? Name { get; set; }

    [MemoryPackOrder(1)]
    public Person? Friend { get; set; }

    /// <summary>Creates two people who are friends.</summary>
    public static Person Pair(string name)
    {
        var person = new Person { Name = name };
        person.Friend = new Person { Name = name + "'s friend", Friend = person };
        return person;
    }

    public override string ToString() => $"{Name} {Friend?.Name} {Friend != null && Friend.Friend == this}";
}

/// <summary>A codec that lets MemoryPack write what refers to itself.</summary>
internal readonly struct PersonCodec : IValueCodec<Person>
{
    public static string Schema => "person/1";

    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in Person value)
        where TBuffer : class, System.Buffers.IBufferWriter<byte> => writer.WritePackable(value);

    public static Person Read(ref MemoryPackReader reader) => reader.ReadPackable<Person>()!;

    public static Person Detach(Person value) => MemoryPackSerializer.Deserialize<Person>(MemoryPackSerializer.Serialize(value))!;
}

public readonly record struct Invitation(string Room, int Number, DateTimeOffset At);

/// <summary>A meeting; the two of an invitation share their host.</summary>
public readonly record struct Meeting(string Room, int Number, Person Host, DateTimeOffset At);

/// <summary>What is known of a room, as text.</summary>
public readonly record struct Known(string Room, int Number, string Text);

[Operator]
public sealed partial class Invite
{
    [FlatMap]
    private static void Meet(in Invitation invitation, ref Output<Meeting> output)
    {
        var host = Person.Pair($"{invitation.Number}");
        output.Emit(new Meeting(invitation.Room, invitation.Number, host, invitation.At));
        output.Emit(new Meeting(invitation.Room, invitation.Number + 1, host, invitation.At));
    }
}

[Operator]
public sealed partial class AskDesk(Desk desk)
{
    [AsyncMap(Concurrency = 1000)]
    private async ValueTask<Meeting> AskAsync(Meeting meeting, CancellationToken cancellation) =>
        meeting with { Room = $"{meeting.Room} {await desk.PriceAsync(meeting.Number, cancellation)}" };
}

[Operator, KeyBy(nameof(Meeting.Room))]
public sealed partial class RememberHosts
{
    [State] private partial ref Person? First { get; }
    [State] private partial ref Person? Last { get; }
    [State, StateCodec(typeof(PersonCodec))] private partial ref Person? Coded { get; }
    [State] private partial MapState<int, Person> ByNumber { get; }
    [State] private partial ListState<Person> All { get; }

    [Process]
    private void On(in Meeting meeting, ref Output<Known> output)
    {
        output.Emit(new Known(meeting.Room, meeting.Number, $"{meeting.Host}; {First}, {Last}, {Coded}; {Text()}"));
        First ??= meeting.Host;
        Last = meeting.Host;
        Coded = meeting.Host;
        ByNumber[meeting.Number] = meeting.Host;
        All.Add(meeting.Host);
    }

    private string Text()
    {
        var known = new List<string>();
        foreach (var (number, host) in ByNumber)
        {
            known.Add($"{number}={host}");
        }

        known.Sort(StringComparer.Ordinal);
        foreach (var host in All)
        {
            known.Add($"{host}");
        }

        return string.Join(", ", known);
    }
}

/// <summary>Objects that refer to themselves in sorted rows, in rows in flight, and in state of each kind.</summary>
[Pipeline]
public sealed partial class CircularPipeline
{
    [FileSource("invitations.csv"), EventTime(nameof(Invitation.At), MaxDelay = "10s")]
    public partial Stream<Invitation> Invitations { get; }

    [Apply<Invite>(nameof(Invitations))]
    public partial Stream<Meeting> Meetings { get; }

    [Apply<RememberHosts>(nameof(Meetings)), FileSink("known.csv")]
    public partial Stream<Known> Known { get; }

    [SortByTime(nameof(Meetings))]
    public partial Stream<Meeting> Sorted { get; }

    [Apply<RememberHosts>(nameof(Sorted)), FileSink("sorted.csv")]
    public partial Stream<Known> KnownInOrder { get; }

    [Apply<AskDesk>(nameof(Meetings))]
    public partial Stream<Meeting> Asked { get; }

    [Apply<RememberHosts>(nameof(Asked)), FileSink("asked.csv")]
    public partial Stream<Known> KnownByDesk { get; }
}

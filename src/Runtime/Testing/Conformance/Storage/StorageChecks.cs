using Penstock.Connectors;

namespace Penstock.Testing;

/// <summary>The checks of a checkpoint storage, for one place.</summary>
internal sealed class StorageChecks(CheckRun run, StorageSetup setup)
{
    private const string State = "0000000001.state";
    private const string Manifest = "0000000001.manifest";
    private const string Job = "job";

    private readonly List<ICheckpointStorage> _created = [];

    public static IReadOnlyList<(string Name, Action<StorageChecks> Check)> All { get; } =
    [
        ("What was created is read", static checks => checks.CreatedIsRead()),
        ("What is created takes the place of what was there", static checks => checks.CreatedReplaces()),
        ("What is published stays", static checks => checks.PublishedStays()),
        ("What is there is listed", static checks => checks.WhatIsThereIsListed()),
        ("A missing object cannot be read and may be deleted", static checks => checks.MissingIsMissing()),
        ("What was not synced keeps no name from being used", static checks => checks.UnsyncedIsReplaced()),
        ("Written objects survive a restart", static checks => checks.WrittenOutlivesTheProcess()),
        ("Writers are kept apart", static checks => checks.WritersAreKeptApart()),
        ("Several objects are written and read at a time", static checks => checks.ObjectsAreIndependent()),
        ("The place has one name", static checks => checks.PlacesHaveOneName()),
        ("It can be closed in the middle, and twice", static checks => checks.CanBeClosed()),
    ];

    public ValueTask CloseAsync()
    {
        _created.ForEach(static storage => storage.Dispose());
        return default;
    }

    private void CreatedIsRead()
    {
        var storage = Open();
        foreach (var size in setup.Sizes)
        {
            var content = Content(size);
            run.Begin($"creates an object of {size} bytes, in pieces");
            using (var file = storage.Create(State))
            {
                // Pieces of the size in which state is written, and of odd sizes.
                for (var at = 0; at < size;)
                {
                    var count = Math.Min(size - at, at % 3 == 0 ? 1024 * 1024 : 65_537);
                    file.Append(content.AsSpan(at, count));
                    at += count;
                }

                file.Sync();
            }

            Expect(storage, State, content);
            CheckRanges(storage, content);
        }
    }

    private void CreatedReplaces()
    {
        var storage = Open();
        Create(storage, State, Content(100));
        Create(storage, State, Content(7));
        Expect(storage, State, Content(7));
    }

    private void PublishedStays()
    {
        var storage = Open();
        ExpectPublished(storage, Manifest, Content(30), isFirst: true);
        ExpectPublished(storage, Manifest, Content(10), isFirst: false);
        Expect(storage, Manifest, Content(30));
        storage.Delete(Manifest);
        ExpectPublished(storage, Manifest, Content(10), isFirst: true);
        Expect(storage, Manifest, Content(10));
    }

    private void WhatIsThereIsListed()
    {
        var storage = Open();
        var before = storage.List();
        Create(storage, State, Content(1));
        ExpectPublished(storage, Manifest, Content(1), isFirst: true);
        ExpectPublished(storage, Job, Content(1), isFirst: true);
        ExpectListed(storage, before, [Manifest, State, Job]);
        storage.Delete(Manifest);
        ExpectListed(storage, before, [State, Job]);
    }

    private void MissingIsMissing()
    {
        var storage = Open();
        run.Begin("deletes an object that is not there");
        storage.Delete(State);
        run.Begin("opens an object that is not there");
        try
        {
            storage.OpenRead(State).Dispose();
        }
        catch (FileNotFoundException)
        {
            return;
        }

        throw run.Broken("it has returned one.", $"Throw a {nameof(FileNotFoundException)}.");
    }

    private void UnsyncedIsReplaced()
    {
        var storage = Open();
        run.Begin("gives up an object that was not synced");
        using (var file = storage.Create(State))
        {
            file.Append(Content(setup.Sizes.Max() + 1));
        }

        Create(storage, State, Content(5));
        Expect(storage, State, Content(5));
    }

    private void WrittenOutlivesTheProcess()
    {
        var storage = Open();
        Create(storage, State, Content(100));
        ExpectPublished(storage, Manifest, Content(30), isFirst: true);
        storage.Dispose();
        var next = Open();
        next.Settle();
        ExpectListed(next, [], [Manifest, State], mayHaveMore: true);
        Expect(next, State, Content(100));
        Expect(next, Manifest, Content(30));
        ExpectPublished(next, Manifest, Content(10), isFirst: false);
    }

    private void WritersAreKeptApart()
    {
        var storage = Open();
        if (storage.IsExclusive)
        {
            ExpectRefusal();
            storage.Dispose();
            Open();
            return;
        }

        var other = Open();
        run.Begin("publishes the same name from 16 threads and two processes");
        var published = Enumerable.Range(1, 16).AsParallel().WithDegreeOfParallelism(16)
            .Select(size => (Size: size, IsFirst: (size % 2 == 0 ? storage : other).TryPublish(Manifest, Content(size))))
            .Where(static one => one.IsFirst)
            .ToList();
        if (published is not [var winner])
        {
            throw run.Broken(
                $"{published.Count} of them were told that it is theirs.",
                "TryPublish must create the object only where there is none, atomically: writers are told apart by it.");
        }

        Expect(other, Manifest, Content(winner.Size));
    }

    private void ObjectsAreIndependent()
    {
        var storage = Open();
        run.Begin("creates and reads eight objects at a time");
        Parallel.For(1, 9, new ParallelOptions { MaxDegreeOfParallelism = 8 }, number =>
        {
            var name = $"{number:D10}.state";
            Create(storage, name, Content(70_000 + number));
            Expect(storage, name, Content(70_000 + number));
        });
    }

    private void PlacesHaveOneName()
    {
        var location = Created().Location;
        run.Begin("names its place");
        if (string.IsNullOrEmpty(location) || Created().Location != location || Open().Location != location)
        {
            throw run.Broken(
                $"it says '{location}', and of another object or when it is open something else.",
                "Say the same of the same place: messages name it.");
        }
    }

    private void CanBeClosed()
    {
        var storage = Open();
        run.Begin("is closed while an object is written, and twice");
        var file = storage.Create(State);
        file.Append(Content(10));
        storage.Dispose();
        file.Dispose();
        storage.Dispose();
        var next = Open();
        Create(next, State, Content(5));
        Expect(next, State, Content(5));
    }

    private ICheckpointStorage Created()
    {
        var storage = setup.Create() ?? throw run.Broken("Create has returned null.", "Return a storage.");
        run.Check(storage);
        _created.Add(storage);
        return storage;
    }

    private ICheckpointStorage Open()
    {
        var storage = Created();
        run.Begin("is opened");
        storage.Open();
        return storage;
    }

    private void ExpectRefusal()
    {
        try
        {
            Open();
        }
        catch (PipelineException)
        {
            return;
        }

        throw run.Broken(
            "another process has the place open, and it says that it is exclusive.",
            "Where IsExclusive is true, Open must throw a PipelineException while another one has it.");
    }

    private void Create(ICheckpointStorage storage, string name, byte[] content)
    {
        run.Begin($"creates '{name}' with {content.Length} bytes");
        using var file = storage.Create(name);
        file.Append(content);
        file.Sync();
    }

    private void ExpectPublished(ICheckpointStorage storage, string name, byte[] content, bool isFirst)
    {
        run.Begin($"publishes '{name}'");
        if (storage.TryPublish(name, content) != isFirst)
        {
            throw run.Broken(
                $"it has returned {!isFirst}.",
                "Return false, and change nothing, where there is an object of that name; create it and return true where there is none.");
        }
    }

    private void ExpectListed(ICheckpointStorage storage, IReadOnlyList<string> before, string[] expected, bool mayHaveMore = false)
    {
        run.Begin("lists its objects");
        var found = storage.List().Except(before).ToList();
        if (expected.Except(found).Any() || (!mayHaveMore && found.Count > expected.Length))
        {
            throw run.Broken(
                $"it lists {string.Join(", ", found)}, and {string.Join(", ", expected)} are there.",
                "List what was created, published and deleted before, at once.");
        }
    }

    private void Expect(ICheckpointStorage storage, string name, byte[] content)
    {
        run.Begin($"reads '{name}', which has {content.Length} bytes");
        using var file = storage.OpenRead(name);
        if (file.Length != content.Length)
        {
            throw run.Broken($"its length is {file.Length}.", "An object is there, whole, when Sync or TryPublish has returned.");
        }

        CheckRange(file, content, 0, content.Length);
        if (file.Read(content.Length, new byte[1]) != 0)
        {
            throw run.Broken("there are bytes behind its end.", "Read returns 0 there.");
        }
    }

    private void CheckRanges(ICheckpointStorage storage, byte[] content)
    {
        using var file = storage.OpenRead(State);
        for (var piece = 1; piece < 6 && content.Length > 1; piece++)
        {
            var offset = content.Length * piece / 7;
            CheckRange(file, content, offset, Math.Max(1, (content.Length - offset) / piece));
        }
    }

    private void CheckRange(IReadableFile file, byte[] content, int offset, int count)
    {
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            var got = file.Read(offset + read, bytes.AsSpan(read));
            read += got > 0 ? got : throw run.Broken(
                $"there are no bytes from {offset + read} on.",
                "Read returns at least one byte where there are any.");
        }

        if (!content.AsSpan(offset, count).SequenceEqual(bytes))
        {
            throw run.Broken(
                $"the bytes from {offset} to {offset + count} are not those that were written.",
                "An object has the bytes that were appended, in their order.");
        }
    }

    // Returns the same content for the same size.
    private static byte[] Content(int size)
    {
        var content = new byte[size];
        new Random(size).NextBytes(content);
        return content;
    }
}

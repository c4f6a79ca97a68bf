using System.IO.Hashing;
using System.Runtime.InteropServices;
using Penstock.Checkpoints;
using Penstock.State;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.State.Keys;

/// <summary>
/// Checkpoints of release 0.1, whose manifests have no secret, and for which 0 and -0.0 were two keys in different key groups.
/// </summary>
public sealed class SignedZeroTests : IDisposable
{
    private const string Amounts = nameof(PaymentPipeline.Amounts);

    private static readonly decimal NegativeZero = new(0, 0, 0, isNegative: true, 1);

    // The first parallelism at which the two zeros belonged to different subtasks.
    private static readonly int Saved = Enumerable
        .Range(3, 100)
        .First(static parallelism => OldOwner(NegativeZero, parallelism) != OwnerNow(0, parallelism));

    private readonly string _folder = Directory.CreateTempSubdirectory("penstock-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(null)]
    [InlineData(3)]
    [InlineData(2)]
    [InlineData(1)]
    public void A_zero_with_a_sign_is_found_where_it_was_saved(int? parallelism)
    {
        Save(NegativeZero, NegativeZero, NegativeZero);
        var manifest = Read();
        Swap(manifest, OwnerNow(0, Saved), OldOwner(NegativeZero, Saved));
        Write(manifest);
        Assert.Equal([4, 5], Resume(parallelism));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(3)]
    [InlineData(2)]
    public void A_zero_without_one_is_too(int? parallelism)
    {
        Assert.Equal(OwnerNow(0, Saved), OldOwner(0, Saved));
        Save(0m, 0.00m, 0m);
        Write(Read());
        Assert.Equal([4, 5], Resume(parallelism));
    }

    [Theory]
    [InlineData(Amounts, null)]
    [InlineData(Amounts, 3)]
    [InlineData(Amounts, 2)]
    [InlineData(nameof(PaymentPipeline.Shops), null)]
    [InlineData(nameof(PaymentPipeline.Shops), 1)]
    public void State_of_both_is_refused_and_not_dropped(string task, int? parallelism)
    {
        // A key in the slot of the other zero, which becomes that zero.
        var other = Enumerable.Range(1_000_000, 1000)
            .Select(static number => (decimal)number)
            .First(static number => OwnerNow(number, Saved) == OldOwner(NegativeZero, Saved));
        Save(NegativeZero, other, NegativeZero);
        var manifest = Read();
        if (task == Amounts)
        {
            Swap(manifest, OwnerNow(0, Saved), OldOwner(NegativeZero, Saved));
        }

        Write(Replace(manifest, task, other, 0m));
        var before = Files();
        var error = Assert.ThrowsAny<PipelineException>(() => Resume(parallelism));
        Assert.StartsWith(
            $"PSR504: Checkpoint 1 of pipeline 'PaymentPipeline' cannot be restored: the state of '{task}",
            error.Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "was saved for two keys that are one: release 0.1 took the decimals 0 and -0.0 for two keys (of type ",
            error.Message,
            StringComparison.Ordinal);
        Assert.EndsWith(
            "start over with an empty checkpoint folder and an empty output. Nothing has been changed.",
            error.Message,
            StringComparison.Ordinal);
        Assert.Equal(before, Files());
    }

    [Fact]
    public void A_checkpoint_of_this_release_has_no_such_keys()
    {
        Save(NegativeZero, 0m, 0.0m);
        Assert.Equal([4, 5], Resume(2));
    }

    private static int OwnerNow(decimal key, int parallelism) => Owner(StableHash.Of(key, StableHash.FixedSecret), parallelism);

    // As release 0.1 computed it, including the sign of zero.
    private static int OldOwner(decimal key, int parallelism)
    {
        var bits = decimal.GetBits(key / 1.0000000000000000000000000000m);
        return Owner(StableHash.Combine(Half(bits[0], bits[1]), Half(bits[2], bits[3])), parallelism);

        // A low half with its highest bit set hid the high half.
        static ulong Half(int low, int high) => StableHash.Of(low < 0 ? low : low + ((long)high << 32), StableHash.FixedSecret);
    }

    private static int Owner(ulong hash, int parallelism)
    {
        var groups = new PipelineOptions().KeyGroups;
        return KeyGroups.OwnerOf(KeyGroups.Of(hash, groups), groups, parallelism);
    }

    // The state of two subtasks, exchanged.
    private static void Swap(Manifest manifest, int one, int other)
    {
        Assert.NotEqual(one, other);
        for (var index = 0; index < manifest.State.Count; index++)
        {
            var subtask = manifest.State[index];
            if (subtask.Task == Amounts && (subtask.Subtask == one || subtask.Subtask == other))
            {
                manifest.State[index] = subtask with { Subtask = one + other - subtask.Subtask };
            }
        }
    }

    private Manifest Replace(Manifest manifest, string task, decimal key, decimal by)
    {
        var path = Path.Combine(_folder, CheckpointNames.State(1));
        var bytes = File.ReadAllBytes(path);
        Assert.Single(manifest.Files);
        var replaced = 0;
        for (var index = 0; index < manifest.State.Count; index++)
        {
            var subtask = manifest.State[index];
            if (subtask.Task != task)
            {
                continue;
            }

            var saved = Assert.Single(subtask.Pieces);
            var piece = bytes.AsSpan((int)saved.Offset, (int)saved.Length);
            for (int at; (at = piece.IndexOf(Bytes(key))) >= 0; replaced++)
            {
                Bytes(by).CopyTo(piece[at..]);
            }

            if (piece.Length > 0)
            {
                Assert.Single(saved.Checksums);
                manifest.State[index] = subtask with
                {
                    Pieces = [saved with
                    {
                        Checksums = [XxHash3.HashToUInt64(piece).ToString("x16", System.Globalization.CultureInfo.InvariantCulture)]
                    }]
                };
            }
        }

        Assert.NotEqual(0, replaced);
        File.WriteAllBytes(path, bytes);
        return manifest;

        static byte[] Bytes(decimal number) => MemoryMarshal.AsBytes(new ReadOnlySpan<decimal>(in number)).ToArray();
    }

    private void Save(params decimal[] amounts)
    {
        using (var test = PipelineTest.For<PaymentPipeline>(static options => options.Parallelism = Saved, checkpoints: _folder))
        {
            foreach (var amount in amounts)
            {
                test.Send(nameof(PaymentPipeline.Payments), new Payment("Corner", "ann", amount));
            }

            test.Checkpoint();
        }

        File.Delete(Path.Combine(_folder, "lock"));
    }

    private Manifest Read() =>
        ManifestFile.Read(
            File.ReadAllBytes(Path.Combine(_folder, CheckpointNames.Manifest(1))),
            "manifest",
            static id => CheckpointNames.State(id))!;

    // As in release 0.1, which wrote neither a secret nor key groups.
    private void Write(
        Manifest manifest) => File.WriteAllBytes(Path.Combine(_folder, CheckpointNames.Manifest(1)), ManifestFile.Serialize(manifest with
        {
            Secret = null,
            State =
            manifest.State.ConvertAll(static subtask => subtask with
            {
                Pieces = subtask.Pieces.ConvertAll(static piece => piece with
                {
                    Sections = piece.Sections.ConvertAll(static section => section with { KeyGroups = null })
                })
            }),
        }));

    private string[] Files() =>
        [.. Directory.GetFiles(_folder)
            .Where(static path => Path.GetFileName(path) != "lock")
            .Order(StringComparer.Ordinal)
            .Select(static path => $"{path} {Convert.ToHexString(File.ReadAllBytes(path))}")];

    // The number of zeros so far, by the rows from now on: without and with a sign.
    private int[] Resume(int? parallelism)
    {
        using var test = PipelineTest.For<PaymentPipeline>(options => options.Parallelism = parallelism ?? Saved, checkpoints: _folder);
        test.Send(nameof(PaymentPipeline.Payments), new Payment("Corner", "ann", 0m));
        test.Send(nameof(PaymentPipeline.Payments), new Payment("Corner", "ann", NegativeZero));
        return [.. test.Read<PaymentTally>(Amounts).Select(static tally => tally.Count)];
    }
}

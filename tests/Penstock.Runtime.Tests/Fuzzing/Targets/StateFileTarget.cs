using System.Buffers;
using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Runtime.Tests.Sources.Files;
using Penstock.State;

namespace Penstock.Runtime.Tests.Fuzzing.Targets;

/// <summary>State files that differ from their manifest, and manifests with impossible contents.</summary>
internal sealed class StateFileTarget : IFuzzTarget
{
    private const string Folder = "/checkpoints";

    public string Name => "state";

    public void Run(Random random)
    {
        var state = new byte[random.Next(20) == 0 ? BlockPool.BlockSize + random.Next(2) : random.Pick(0, 1, 1_000)];
        random.NextBytes(state);
        var checksums = state.Chunk(BlockPool.BlockSize).Select(block => StateBlocks.Checksum(block)).ToList();
        var sections = new List<StateSection> { new("rows", "keyed(string){N:int32}", 0, state.Length, new KeyGroupRange(0, 128)) };
        var manifest = ManifestFile.Serialize(ManifestTarget.Sample(state.Length, new StatePiece(0, 0, state.Length, checksums, sections)));
        var files = new MemoryFileSystem();
        files.CreateDirectory(Folder);
        using var store = new CheckpointStore(new FolderStorage(files, Folder, "Flights", isLocked: false), Guid.NewGuid);
        SourceReading.Add(files, $"{Folder}/0000000003.manifest", random.Next(2) == 0 ? ManifestTarget.Forge(random, manifest) : manifest);
        SourceReading.Add(files, $"{Folder}/0000000003.state", Mutator.Mutate(random, state, 2));
        try
        {
            if (store.ReadVerified(3) is { } read)
            {
                foreach (var subtask in read.State)
                {
                    foreach (var piece in subtask.Pieces)
                    {
                        using var blocks = store.State.Read(read, subtask, piece, new bool[piece.Checksums.Count]);
                        piece.Sections.ForEach(section => _ = blocks.Sequence.Slice(section.Offset, section.Length).ToArray());
                    }
                }
            }
        }
        catch (PipelineException)
        {
            // Damaged or refused, with a message.
        }
    }
}

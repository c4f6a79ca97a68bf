using MemoryPack;
using Penstock.Generator.Schemas;

namespace Penstock.State;

/// <summary>Reads saved states, directly or through a conversion if the program has changed since.</summary>
/// <typeparam name="TState">The state type.</typeparam>
/// <typeparam name="TStateCodec">The codec of the state.</typeparam>
internal sealed class SavedStates<TState, TStateCodec> : IDisposable
    where TState : struct
    where TStateCodec : struct, IStateCodec<TState>
{
    private readonly StateConverter? _converter;

    /// <summary>Prepares to read states.</summary>
    /// <param name="saved">The schema of the saved states.</param>
    /// <param name="part">The part that receives them.</param>
    /// <exception cref="PipelineException">The saved states cannot be converted.</exception>
    public SavedStates(string saved, IStatePart part)
    {
        if (saved != part.Schema)
        {
            var match = SchemaMatch.Of(StateSchema.Parse(saved), StateSchema.Parse(part.AcceptedSchema));
            _converter = new StateConverter(
                match.Conversion
                    ?? throw new PipelineException(
                        ErrorCodes.StateDoesNotFit,
                        $"The saved state of '{part.Id}' cannot be restored, because {match.Refusals[0].Description}."),
                TStateCodec.Upgrade);
        }
    }

    /// <summary>Indicates whether states are read without conversion.</summary>
    public bool AreUnchanged => _converter == null;

    /// <summary>Reads the next state.</summary>
    /// <exception cref="StateRefusedException">Code of the program threw an exception.</exception>
    public void Read(ref MemoryPackReader reader, out TState state)
    {
        try
        {
            ReadNext(ref reader, out state);
        }
        catch (Exception error)
        {
            if (StateRefusedException.Of(error, typeof(TStateCodec)) is { } refused)
            {
                throw refused;
            }

            throw;
        }
    }

    public void Dispose() => _converter?.Dispose();

    private void ReadNext(ref MemoryPackReader reader, out TState state)
    {
        if (_converter == null)
        {
            TStateCodec.Read(ref reader, out state);
            return;
        }

        var converted = _converter.Convert(ref reader);
        TStateCodec.Read(ref converted, out state);
        converted.Dispose();
    }
}

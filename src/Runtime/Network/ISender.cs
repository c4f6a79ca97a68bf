namespace Penstock.Network;

/// <summary>Who sends over an input channel.</summary>
internal interface ISender
{
    /// <summary>Gives back the credit of a batch that has been taken.</summary>
    void ReturnCredit();
}
